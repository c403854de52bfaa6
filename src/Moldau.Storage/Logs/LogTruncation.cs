using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>Cuts a log at its end (a follower that strayed) or whole (a follower that starts over). All with the gate.</summary>
internal static class LogTruncation
{
    /// <summary>
    /// Takes back what counts as durable from an offset on. True when the checkpoint file says more: recovery would believe it and not verify
    /// what is written in place of what is cut.
    /// </summary>
    public static bool LowerFlushed(LogState log, long offset)
    {
        LogSegment segment = log.Segments[LogState.Floor(log.Segments, offset)];
        int position = segment.Size;
        if (segment.Find(offset, out BatchPlace place))
        {
            // The batch that holds the offset goes whole.
            offset = Math.Min(offset, place.BaseOffset);
            position = place.Position;
        }

        if (offset >= log.Flushed.Offset && offset >= log.CheckpointedRecoveryPoint) return false;
        log.Truncations++;
        if (offset < log.Flushed.Offset) log.Flushed = new LogMark(offset, segment.BaseOffset, position);
        return offset < log.CheckpointedRecoveryPoint;
    }

    /// <summary>Removes everything from an offset on. Returns whether anything was removed.</summary>
    public static bool TruncateTo(LogState log, long offset, long nowMs)
    {
        if (offset >= log.End.Offset)
        {
            log.Epochs.TruncateFromEnd(log.End.Offset);
            return false;
        }

        if (log.Segments[0].BaseOffset > offset)
        {
            TruncateFully(log, offset, nowMs);
            return true;
        }

        log.Truncations++;
        LogSegment[] segments = log.Segments;
        int keep = LogState.Floor(segments, offset) + 1;
        log.Segments = segments[..keep];
        LogDeletion.Delete(log, segments.AsSpan(keep));
        LogSegment active = log.Active;
        offset = active.TruncateTo(offset, nowMs);
        // Entries behind the cut must not come back from the disk once others stand in their place.
        active.IndexesUnflushed = true;
        log.End = new LogMark(offset, active.BaseOffset, active.Size);
        Settle(log);
        log.Epochs.TruncateFromEnd(offset);
        LogDeletion.DeleteSnapshots(log, static (snapshot, end) => snapshot > end, offset);
        ProducerReplay.Rebuild(log, nowMs);
        log.UpdateLastStableOffset();
        log.Verify();
        return true;
    }

    /// <summary>Removes everything; the log goes on at an offset, which may be behind its old end.</summary>
    public static void TruncateFully(LogState log, long offset, long nowMs)
    {
        log.Truncations++;
        LogSegment[] segments = log.Segments;
        LogDeletion.Delete(log, segments);
        LogSegment next = LogRoll.NewSegment(log, offset, nowMs);
        next.Create();
        log.NamesUnflushed = true;
        log.Segments = [next];
        log.End = new LogMark(offset, offset, 0);
        log.Flushed = new LogMark(Math.Min(log.Flushed.Offset, offset), offset, 0);
        log.LogStartOffset = offset;
        log.HighWatermark = offset;
        log.Epochs.Clear();
        LogDeletion.DeleteSnapshots(log, static (_, _) => true, offset);
        log.Producers.Clear(offset);
        log.UpdateLastStableOffset();
        log.Touched = true;
        log.Verify();
    }

    private static void Settle(LogState log)
    {
        log.Touched = true;
        log.LogStartOffset = Math.Min(log.LogStartOffset, log.End.Offset);
        log.HighWatermark = Math.Min(log.HighWatermark, log.End.Offset);
        if (log.Flushed.Offset > log.End.Offset) log.Flushed = log.End;
    }
}
