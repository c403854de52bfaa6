using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>
/// Which segments are past keeping: below the log's start, beyond <c>retention.bytes</c>, older than <c>retention.ms</c>. Oldest first and never
/// beyond the high watermark; when all are due the log is rolled first, so that one remains and offsets go on.
/// </summary>
internal static class LogRetention
{
    /// <summary>Removes what is due. Returns how many segments went. Called with the gate.</summary>
    public static int Run(LogState log, long nowMs)
    {
        LogConfig config = log.Config;
        int removed = RemoveBelowStart(log, nowMs);
        if (!config.Delete) return removed;
        if (config.RetentionBytes >= 0)
        {
            long excess = -config.RetentionBytes;
            foreach (LogSegment segment in log.Segments) excess += segment.Size;
            removed += Remove(log, nowMs, new TooLarge(excess));
        }

        if (config.RetentionMs >= 0) removed += Remove(log, nowMs, new TooOld(config.RetentionMs));
        return removed;
    }

    /// <summary>Removes the segments whose records were all deleted. Returns how many went. Called with the gate.</summary>
    public static int RemoveBelowStart(LogState log, long nowMs) => Remove(log, nowMs, new BelowStart());

    private static int Remove<TRule>(LogState log, long nowMs, TRule rule) where TRule : struct, IRule
    {
        LogSegment[] segments = log.Segments;
        int due = 0;
        for (; due < segments.Length; due++)
        {
            bool last = due == segments.Length - 1;
            long next = last ? log.End.Offset : segments[due + 1].BaseOffset;
            if (last && segments[due].Size == 0) break;
            if (log.HighWatermark < next || !rule.IsDue(log, segments[due], last ? null : segments[due + 1], nowMs)) break;
        }

        if (due == 0) return 0;
        if (due == segments.Length) LogRoll.Roll(log, log.End.Offset, nowMs);
        LogSegment[] gone = log.Segments[..due];
        log.Segments = log.Segments[due..];
        RaiseStart(log, log.Segments[0].BaseOffset);
        LogDeletion.Delete(log, gone);
        foreach (LogSegment segment in gone)
            LogDeletion.DeleteSnapshots(log, static (snapshot, offset) => snapshot == offset, segment.BaseOffset);
        log.Touched = true;
        return due;
    }

    /// <summary>Raises the log's first offset. Called with the gate.</summary>
    public static void RaiseStart(LogState log, long offset)
    {
        if (offset <= log.LogStartOffset) return;
        log.LogStartOffset = offset;
        log.Epochs.TruncateFromStart(offset);
        if (log.HighWatermark < offset) log.HighWatermark = offset;
        log.Producers.SettleBelow(offset);
        log.UpdateLastStableOffset();
        log.Touched = true;
    }

    private interface IRule
    {
        bool IsDue(LogState log, LogSegment segment, LogSegment? next, long nowMs);
    }

    private readonly struct BelowStart : IRule
    {
        public bool IsDue(LogState log, LogSegment segment, LogSegment? next, long nowMs) => next is not null && (log.Directory.Planted.DropsSegmentInUse ? segment : next).BaseOffset <= log.LogStartOffset;
    }

    private struct TooLarge(long excess) : IRule
    {
        public bool IsDue(LogState log, LogSegment segment, LogSegment? next, long nowMs)
        {
            if (excess - segment.Size < 0) return false;
            excess -= segment.Size;
            return true;
        }
    }

    private readonly struct TooOld(long retentionMs) : IRule
    {
        // Segments whose records carry no time are as old as their file.
        public bool IsDue(LogState log, LogSegment segment, LogSegment? next, long nowMs) => nowMs - TimestampOf(log, segment) > retentionMs;

        private static long TimestampOf(LogState log, LogSegment segment)
        {
            IndexRebuild.Ensure(log, segment);
            return segment.Largest.TimestampMs is var largest and >= 0
                ? largest
                : log.Files.LastModified(segment.Log.Path).ToUnixTimeMilliseconds();
        }
    }
}
