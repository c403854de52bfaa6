using Moldau.Protocol.Batches;
using Moldau.Storage.Indexes;
using Moldau.Storage.Producers;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>What leader and follower appends share: batches that have their offsets go to the active segment with one write.</summary>
internal static class LogAppend
{
    /// <summary>Appends. Called with the gate, for batches that were checked. <paramref name="markers"/> are those of the control batches, in order.</summary>
    public static void Write(LogState log, ReadOnlySpan<byte> batches, in AppendShape shape, ReadOnlySpan<TransactionMarker?> markers, long nowMs)
    {
        if (LogRoll.IsDue(log, batches.Length, shape.MaxTimestampMs, shape.LastOffset, nowMs))
        {
            // Where the log ends, also if the batches leave a gap: recovery takes a gap between segments for a loss.
            bool reaches = shape.LastOffset - log.End.Offset <= int.MaxValue;
            LogRoll.Roll(log, reaches ? log.End.Offset : shape.FirstOffset, nowMs);
        }

        LogSegment active = log.Active;
        AssignEpochs(log, batches);
        active.Append(batches, log.Config.IndexIntervalBytes);
        FoldIn(log, active, batches, markers);
        log.Touched = true;
        log.BytesSinceSnapshot += batches.Length;
        log.Directory.Appended(batches.Length);
        if (log.UnflushedSinceMs < 0) log.UnflushedSinceMs = nowMs;
        log.End = new LogMark(shape.LastOffset + 1, active.BaseOffset, active.Size);
    }

    private static void AssignEpochs(LogState log, ReadOnlySpan<byte> batches)
    {
        var walk = new RecordBatchEnumerator(batches);
        while (walk.MoveNext())
        {
            if (walk.Current.IsLegacy) log.Epochs.Clear();
            else log.Epochs.Assign(walk.Current.LeaderEpoch, walk.Current.BaseOffset);
        }
    }

    private static void FoldIn(LogState log, LogSegment active, ReadOnlySpan<byte> batches, ReadOnlySpan<TransactionMarker?> markers)
    {
        int control = 0;
        var walk = new RecordBatchEnumerator(batches);
        while (walk.MoveNext())
        {
            TransactionMarker? marker = walk.Current.IsControl ? markers[control++] : null;
            if (log.Producers.Apply(walk.Current, marker) is not { } aborted) continue;
            active.Transactions.Append(aborted);
            log.NamesUnflushed = true;
        }
    }
}

/// <summary>What the log must know of an append as a whole.</summary>
internal readonly record struct AppendShape(long FirstOffset, long LastOffset, long MaxTimestampMs)
{
    /// <summary>The shape of batches that have their offsets.</summary>
    public static AppendShape Of(ReadOnlySpan<byte> batches)
    {
        long first = -1, last = -1, largest = -1;
        var walk = new RecordBatchEnumerator(batches);
        while (walk.MoveNext())
        {
            if (first < 0) first = walk.Current.BaseOffset;
            last = walk.Current.LastOffset;
            largest = Math.Max(largest, walk.Current.MaxTimestamp);
        }

        return new AppendShape(first, last, largest);
    }
}
