using Moldau.Protocol;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// Puts a cleaned segment in place of those it was made from. Once its content is durable it is renamed to <c>.swap</c>, and from the moment these names are
/// durable it counts: a crash before leaves the old segments, one after leaves the new one, since opening the log completes the swap
/// (<see cref="LeftoverFiles"/>). The old files go to <c>.deleted</c> from the oldest on, so that whatever is left of them is never older than what it overrides.
/// </summary>
internal static class SegmentSwap
{
    /// <summary>Swaps. Blocking.</summary>
    /// <exception cref="CleaningAbandonedException">The log was truncated or closed, or retention took one of the segments.</exception>
    public static void Run(LogState log, LogSegment[] old, LogSegment cleaned, int truncations)
    {
        // Whoever takes segments away or renames the folder holds this lock.
        lock (log.SwapGate)
        {
            int at = Place(log, old, truncations);
            // A reader that still holds an old segment must find its aborted transactions though their file has gone.
            foreach (LogSegment segment in old) LogReader.Entries(log, segment);
            cleaned.ReplaceSuffix(SegmentNames.Cleaned, SegmentNames.Swap);
            if (!log.Directory.Planted.SwapWithoutSync) log.Files.FlushDirectory(log.Folder);
            lock (log.Gate)
            {
                LogSegment[] segments = log.Segments;
                // Readers get the new list first: from then on they meet no file that was renamed under them more than once.
                log.Segments = [.. segments[..at], cleaned, .. segments[(at + old.Length)..]];
                LogDeletion.Delete(log, old);
                cleaned.ReplaceSuffix(SegmentNames.Swap, "");
                MoveFlushedMark(log, old, segments[at + old.Length]);
                if (log.Directory.Planted.CleanerLosesProducerState) LogDeletion.DeleteSnapshots(log, static (_, _) => true, 0);
                StraySnapshots.Clear(log, log.CheckpointedRecoveryPoint);
                log.Verify();
            }

            log.Files.FlushDirectory(log.Folder);
        }
    }

    private static int Place(LogState log, LogSegment[] old, int truncations)
    {
        LogSegment[] segments = log.Segments;
        int at = Array.IndexOf(segments, old[0]);
        bool there = at >= 0 && at + old.Length < segments.Length && segments.AsSpan(at, old.Length).SequenceEqual(old);
        if (log.Closed || !there || log.Truncations != truncations) throw new CleaningAbandonedException(log.Partition);
        // Recovery starts behind what is cleaned, or it would take the gaps for losses.
        Invariant.That(log.ConfirmedRecoveryPoint >= segments[at + old.Length].BaseOffset);
        return at;
    }

    // The mark stands at the end of a segment that was flushed to its end before the next one began.
    private static void MoveFlushedMark(LogState log, LogSegment[] old, LogSegment next)
    {
        if (log.Flushed.SegmentBase < old[0].BaseOffset || log.Flushed.SegmentBase >= next.BaseOffset) return;
        Invariant.That(log.Flushed.Offset == next.BaseOffset);
        log.Flushed = new LogMark(next.BaseOffset, next.BaseOffset, 0);
    }
}
