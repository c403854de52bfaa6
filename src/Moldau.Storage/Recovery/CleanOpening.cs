using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>Opens a log that was closed cleanly: the end is found from the last index entry, the producers are in the last snapshot.</summary>
internal static class CleanOpening
{
    /// <summary>Opens; false when the active segment is not as a clean stop leaves it, then it is recovered.</summary>
    public static bool Try(LogState log, long nowMs)
    {
        LogSegment active = log.Active;
        if (!active.IndexesFit() || !FindEnd(active, out long next)) return false;
        active.IndexesTrusted = true;
        log.End = log.Flushed = new LogMark(next, active.BaseOffset, active.Size);
        LogDeletion.DeleteSnapshots(log, static (snapshot, end) => snapshot > end, next);
        StraySnapshots.Clear(log);
        if (log.Snapshots.Count > 0) ProducerReplay.Rebuild(log, nowMs);
        else log.Producers.Clear(next);
        return true;
    }

    private static bool FindEnd(LogSegment active, out long next)
    {
        next = active.BaseOffset;
        if (active.Size == 0) return true;
        OffsetPosition last = active.Offsets.Last;
        OpenFile file = active.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, last.Position, active.Size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                next = walk.Header.LastOffset + 1;
            }

            return walk.State == BatchScan.End;
        }
        finally
        {
            file.Release();
        }
    }
}
