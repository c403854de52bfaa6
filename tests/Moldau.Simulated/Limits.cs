namespace Moldau.Simulated;

/// <summary>The bounds of the simulated world. What goes over one is a runaway simulation, and fails it.</summary>
public static class Limits
{
    /// <summary>Most steps of one <see cref="SimulatedWorld.Run"/>: a livelock ends here.</summary>
    public const long StepsMax = 50_000_000;

    /// <summary>Most continuations that may be ready at a time.</summary>
    public const int RunnablesMax = 1_000_000;

    /// <summary>Most events that may lie ahead, cancelled ones that have not come up yet included.</summary>
    public const int EventsMax = 5_000_000;

    /// <summary>Most connections that wait to be accepted.</summary>
    public const int BacklogMax = 128;

    /// <summary>Most bytes of one packet.</summary>
    public const int PacketBytesMax = 64 * 1024;

    /// <summary>Largest simulated file: a wild position is a bug in the caller.</summary>
    public const long FileBytesMax = 4L << 30;
}
