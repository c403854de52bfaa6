namespace Moldau.Processes;

/// <summary>Bounds of this project: nothing here waits or collects without end.</summary>
public static class Limits
{
    /// <summary>Bytes of a child's output that are kept; a child that says more has its pipe drained and the rest dropped.</summary>
    public const int OutputBytesMax = 64 * 1024 * 1024;

    /// <summary>Lines of a node's log that are kept for the message of a failure.</summary>
    public const int LogTailLines = 80;

    /// <summary>How long a node may take to acknowledge its first record. Apache Kafka needs many seconds on a busy machine.</summary>
    public static readonly TimeSpan NodeStart = TimeSpan.FromSeconds(120);

    /// <summary>How long a node may take to stop after SIGTERM before it is killed.</summary>
    public static readonly TimeSpan NodeStop = TimeSpan.FromSeconds(60);

    /// <summary>How long one run of a foreign program may take.</summary>
    public static readonly TimeSpan ProgramRun = TimeSpan.FromSeconds(180);

    /// <summary>Largest answer the probe reads.</summary>
    public const int ProbeAnswerBytesMax = 1024 * 1024;

    /// <summary>Largest batch that is skipped over in a segment file.</summary>
    public const int BatchBytesMax = 256 * 1024 * 1024;
}
