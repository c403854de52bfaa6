using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>Offsets by timestamp (ListOffsets): the time index leads to a place, batches and records are read from there. Takes no lock.</summary>
internal static class OffsetSearch
{
    /// <summary>The first record with a timestamp of at least the target; null when there is none.</summary>
    public static TimestampedOffset? AtOrAfter(LogState log, long targetMs)
    {
        long start = log.LogStartOffset;
        foreach (LogSegment segment in log.Segments)
        {
            if (LargestOrFileTime(log, segment) < targetMs) continue;
            long from = Math.Max(segment.Times.Lookup(targetMs).Offset, start);
            TimestampedOffset? found = Scan(
                segment, from, segment.Size,
                (in RecordBatchHeader batch) => batch.MaxTimestamp >= targetMs && batch.LastOffset >= start,
                record => record.TimestampMs >= targetMs && record.Offset >= start);
            if (found is not null) return found;
        }

        return null;
    }

    /// <summary>The first record that has the log's largest timestamp; null when no record has one.</summary>
    public static TimestampedOffset? Latest(LogState log)
    {
        LogSegment? best = null;
        foreach (LogSegment segment in log.Segments)
        {
            if (best is null || segment.Largest.TimestampMs > best.Largest.TimestampMs) best = segment;
        }

        TimestampOffset largest = best!.Largest;
        if (largest.TimestampMs < 0) return null;
        return Scan(best, largest.Offset, best.Size, (in RecordBatchHeader batch) => batch.MaxTimestamp == largest.TimestampMs,
            record => record.TimestampMs >= largest.TimestampMs);
    }

    private delegate bool BatchTest(in RecordBatchHeader batch);

    private static TimestampedOffset? Scan(LogSegment segment, long from, int end, BatchTest batchTest, Predicate<Record> recordTest)
    {
        int position = segment.Offsets.Lookup(from).Position;
        if (position >= end) return null;
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, position, end, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (batchTest(walk.Header) && InBatch(file, walk, recordTest) is { } found) return found;
            }

            return null;
        }
        finally
        {
            file.Release();
        }
    }

    private static TimestampedOffset? InBatch(OpenFile file, in BatchWalker at, Predicate<Record> test)
    {
        using BatchBytes batch = BatchBytes.Read(file, at.Position, at.Size);
        try
        {
            foreach (Record record in RecordReader.Open(batch.Memory))
            {
                if (test(record)) return new TimestampedOffset(record.TimestampMs, record.Offset, at.Header.LeaderEpoch);
            }
        }
        catch (RecordFormatException)
        {
            // Clients can have records stored that nobody can unfold; the batch as a whole still has a place and a time.
            return new TimestampedOffset(at.Header.MaxTimestamp, at.Header.BaseOffset, at.Header.LeaderEpoch);
        }

        return null;
    }

    private static long LargestOrFileTime(LogState log, LogSegment segment) => segment.Largest.TimestampMs is var largest and >= 0
        ? largest
        : segment.Size == 0 ? -1 : log.Files.LastModified(segment.Log.Path).ToUnixTimeMilliseconds();
}
