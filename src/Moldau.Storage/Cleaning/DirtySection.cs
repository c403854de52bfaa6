using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Cleaning;

/// <summary>What of a log may be cleaned now, and how much of it is dirty.</summary>
/// <param name="FirstDirty">Everything below it was cleaned before.</param>
/// <param name="FirstUncleanable">The first offset of the first segment that must not be cleaned: the active one, one with undecided records, one too young.</param>
/// <param name="CleanableBytes">Bytes from the one to the other, whole segments.</param>
/// <param name="Ratio">The share of the cleanable bytes in all below the uncleanable part, 0 to 1.</param>
/// <param name="Truncations">How often the log had been truncated before this look.</param>
/// <param name="Overdue">Whether <c>max.compaction.lag.ms</c> is exceeded: cleaned whatever the ratio.</param>
internal readonly record struct DirtySection(long FirstDirty, long FirstUncleanable, long CleanableBytes, double Ratio, int Truncations, bool Overdue)
{
    /// <summary>Whether it is to be cleaned.</summary>
    public bool IsDue(LogConfig config) => CleanableBytes > 0 && (Overdue || Ratio > config.MinCleanableDirtyRatio);

    /// <summary>
    /// Whether a look is worth its cost: something dirty lies below the active segment. A log on its way to another directory waits, as in Kafka: a copy of what is
    /// cleaned meanwhile could keep a record whose tombstone it misses. Reads no file and takes no lock.
    /// </summary>
    public static bool MayExist(LogState log)
    {
        if (!log.Config.Compact || log.Closed) return false;
        LogSegment[] segments = log.Segments;
        return segments.Length > 1 && segments[^1].BaseOffset > log.CleanedTo && !log.Directory.IsMoving(log.Partition);
    }

    /// <summary>Looks at a log. May read the headers of first batches.</summary>
    public static DirtySection Of(LogState log, long nowMs)
    {
        int truncations = log.Truncations;
        LogSegment[] segments = log.Segments;
        long start = log.LogStartOffset;
        long dirty = log.CleanedTo < start || log.CleanedTo > log.End.Offset ? start : log.CleanedTo;
        ReadOnlySpan<LogSegment> closed = segments.AsSpan(LogState.Floor(segments, dirty)..^1);
        // What is not durable is left as well: recovery takes a gap in it for a loss.
        long bound = Math.Min(Math.Min(log.LastStableOffset, segments[^1].BaseOffset), log.Flushed.Offset);
        if (log.Config.MinCompactionLagMs > 0) bound = Math.Min(bound, FirstYoung(log, closed, nowMs - log.Config.MinCompactionLagMs));
        bound = Math.Max(bound, dirty);
        long uncleanable = segments[LogState.Floor(segments, bound)].BaseOffset;

        long cleanable = 0, clean = 0;
        int from = LogState.Floor(segments, Math.Min(dirty, uncleanable));
        for (int i = 0; i < segments.Length; i++)
        {
            if (segments[i].BaseOffset < dirty) clean += segments[i].Size;
            if (i >= from && segments[i].BaseOffset < uncleanable) cleanable += segments[i].Size;
        }

        double ratio = clean + cleanable == 0 ? 0 : (double)cleanable / (clean + cleanable);
        return new DirtySection(dirty, uncleanable, cleanable, ratio, truncations, cleanable > 0 && IsOverdue(log.Config, closed, nowMs));
    }

    private static long FirstYoung(LogState log, ReadOnlySpan<LogSegment> closed, long notAfterMs)
    {
        foreach (LogSegment segment in closed)
        {
            IndexRebuild.Ensure(log, segment);
            if (segment.Largest.TimestampMs > notAfterMs) return segment.BaseOffset;
        }

        return long.MaxValue;
    }

    private static bool IsOverdue(LogConfig config, ReadOnlySpan<LogSegment> closed, long nowMs)
    {
        if (config.MaxCompactionLagMs >= nowMs) return false;
        foreach (LogSegment segment in closed)
        {
            if (segment.FirstTimestampMs is > 0 and var first && first < nowMs - config.MaxCompactionLagMs) return true;
        }

        return false;
    }
}
