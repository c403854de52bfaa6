namespace Moldau.Load;

/// <summary>Bounds of the load bench.</summary>
internal static class Limits
{
    public const int RunsMax = 100;

    public const int IdleSecondsMax = 3600;

    public const int PartitionsMax = 100_000;

    /// <summary>Partitions of a topic of the partitions bench.</summary>
    public const int PartitionsPerTopic = 100;

    public const int TopicsPerRequest = 50;

    /// <summary>How long one step of the partitions bench may take.</summary>
    public static readonly TimeSpan PartitionsStep = TimeSpan.FromMinutes(5);

    /// <summary>CPU pressure ("some", ten seconds) beyond which a comparison does not begin: an idle machine of this kind shows less than 5.</summary>
    public const double PressurePercentMax = 10;

    public const double CellGibibytesMax = 64;

    public const int SoakMinutesMax = 24 * 60;

    /// <summary>From this share of a bare loop on, in percent, the machine is the limit: what is left is within what two runs differ by.</summary>
    public const double AtLimitPercent = 85;

    /// <summary>Ratios nearer to 1 than this are ties: a stock client was the limit then, and sees no winner.</summary>
    public const double TieWithin = 0.05;

    /// <summary>How long a busy machine is given to become quiet: what was built right before still shows in the pressure.</summary>
    public static readonly TimeSpan Calming = TimeSpan.FromSeconds(60);

    /// <summary>How long one load of the comparison may take.</summary>
    public static readonly TimeSpan Replay = TimeSpan.FromMinutes(5);

    /// <summary>How long a stock client may take for what it is told to move.</summary>
    public static readonly TimeSpan StockRun = TimeSpan.FromMinutes(4);

    /// <summary>Lines that are kept of what a tool says.</summary>
    public const int ToolLinesMax = 1000;

    /// <summary>Largest answer that is no fetch.</summary>
    public const int AnswerBytesMax = 256 * 1024;

    /// <summary>What an answer to a fetch may have beyond the bytes asked for: one batch that is larger, and headers.</summary>
    public const int FetchSlackBytes = 2 * 1024 * 1024;

    /// <summary>Requests smaller than this go out together.</summary>
    public const int CoalescedBytes = 64 * 1024;

    /// <summary>Unanswered requests of one connection when requests are sent at a rate.</summary>
    public const int OpenLoopDepth = 16_384;

    /// <summary>Largest latency that is told apart, in nanoseconds.</summary>
    public const long LatencyTicksMax = 60_000_000_000;

    /// <summary>How long a publish of the executable may take.</summary>
    public static readonly TimeSpan Publish = TimeSpan.FromMinutes(15);
}
