using Moldau.Protocol;
using Moldau.Storage.Inspection;

namespace Moldau.Storage.Verification;

/// <summary>What a start of the node does about a finding.</summary>
public enum StartOutcome
{
    /// <summary>Nothing: the file stays as it is.</summary>
    Kept,

    /// <summary>The file ends early afterwards.</summary>
    Cut,

    /// <summary>The file is written anew from what the log holds.</summary>
    Rebuilt,

    /// <summary>The file is removed, or will be after the usual delay.</summary>
    Removed,

    /// <summary>The file takes the place that its name is for.</summary>
    Renamed,

    /// <summary>The file is read, not understood, and replaced in time.</summary>
    Ignored,

    /// <summary>The log directory goes offline: nothing in it is served.</summary>
    Offline,
}

/// <summary>Something in a log directory that is not as a clean stop leaves it.</summary>
/// <param name="Damage">Where, and what.</param>
/// <param name="IsDamage">False for what a node leaves behind in its ordinary life.</param>
/// <param name="Outcome">What a start does about it.</param>
/// <param name="Recovery">The same in words.</param>
/// <param name="LengthAfter">The file's length after the start, where it is cut.</param>
public sealed record Finding(FileDamage Damage, bool IsDamage, StartOutcome Outcome, string Recovery, long? LengthAfter);

/// <summary>What was looked at and found.</summary>
/// <param name="Directories">Log directories.</param>
/// <param name="Partitions">Folders of logs.</param>
/// <param name="Segments">Segments, each read whole.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Findings">What was found, by file.</param>
/// <param name="Losses">Logs that end earlier after a start.</param>
/// <param name="StartMessages">What a start would warn of, in its own words.</param>
public sealed record VerifyReport(
    int Directories, int Partitions, int Segments, long Bytes, IReadOnlyList<Finding> Findings, IReadOnlyList<LogLoss> Losses, IReadOnlyList<string> StartMessages)
{
    /// <summary>Whether anything is damaged.</summary>
    public bool HasDamage => Findings.Any(static finding => finding.IsDamage);
}

/// <summary>A log that ends earlier after a start.</summary>
/// <param name="Partition">Whose log.</param>
/// <param name="EndOffset">The offset behind the last batch that is there now.</param>
/// <param name="EndOffsetAfter">The same after the start.</param>
public sealed record LogLoss(TopicPartition Partition, long EndOffset, long EndOffsetAfter);

/// <summary>A finding before it is known whether a start touches the file.</summary>
/// <param name="Damage">Where, and what.</param>
/// <param name="IsDamage">Whether it is more than a remark.</param>
/// <param name="Untouched">What a start does about it where it leaves the file as it is.</param>
internal readonly record struct RawFinding(FileDamage Damage, bool IsDamage, Response Untouched);

/// <summary>What a start does about something.</summary>
/// <param name="Outcome">The kind.</param>
/// <param name="Text">In words.</param>
internal readonly record struct Response(StartOutcome Outcome, string Text)
{
    public static Response Kept(string? why = null) => new(StartOutcome.Kept, why is null ? "kept" : $"kept: {why}");

    public static Response Ignored(string why) => new(StartOutcome.Ignored, $"not used: {why}");

    public static Response Removed(string? when = null) => new(StartOutcome.Removed, when is null ? "removed" : $"removed {when}");

    public static Response Rebuilt(string from = "from the log") => new(StartOutcome.Rebuilt, $"rebuilt {from}");

    public static Response Cut(long length) => new(StartOutcome.Cut, $"cut at byte {length}: what stands behind is gone");
}
