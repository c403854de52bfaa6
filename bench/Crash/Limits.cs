namespace Moldau.Crash;

/// <summary>Bounds of the crash bench.</summary>
internal static class Limits
{
    public const int RoundsMax = 10_000;

    public const int PreloadMebibytesMax = 64 * 1024;

    /// <summary>Acknowledgements of one partition that wait to be verified; a producer is held back above it.</summary>
    public const int PendingMax = 1_000_000;

    /// <summary>Records of the in-process producer that wait for their acknowledgement.</summary>
    public const int InFlightMax = 400;

    /// <summary>Violations that are kept word by word; more are only counted.</summary>
    public const int ViolationsMax = 50;

    /// <summary>How often a reader goes on, or begins anew, when the log was cleaned or cut under it.</summary>
    public const int ReadingTries = 10;

    /// <summary>How often a compacted log is read from its start before what is missing counts as lost.</summary>
    public const int WholeReadings = 3;

    /// <summary>How long the load goes on after the last round until cleaning and retention have been seen.</summary>
    public static readonly TimeSpan CleaningSeen = TimeSpan.FromMinutes(3);

    /// <summary>Between two looks for it.</summary>
    public static readonly TimeSpan CleaningPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the log of a restarted node may seem shorter than what was acknowledged.</summary>
    public static readonly TimeSpan Reading = TimeSpan.FromSeconds(20);

    /// <summary>How long a producer may take to get its last acknowledgements.</summary>
    public static readonly TimeSpan ClientStop = TimeSpan.FromSeconds(60);

    /// <summary>How long a producer may take to get its first acknowledgement.</summary>
    public static readonly TimeSpan ClientStart = TimeSpan.FromSeconds(90);

    /// <summary>How long Kafka may look through what the node wrote.</summary>
    public static readonly TimeSpan PeerLook = TimeSpan.FromMinutes(20);
}
