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
            IndexRebuild.Ensure(log, segment);
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
        long start = log.LogStartOffset;
        LogSegment? best = null;
        var largest = new TimestampOffset(-1, -1);
        foreach (LogSegment segment in log.Segments)
        {
            IndexRebuild.Ensure(log, segment);
            TimestampOffset candidate = segment.BaseOffset < start ? LargestFrom(segment, start) : segment.Largest;
            if (candidate.TimestampMs > largest.TimestampMs) (best, largest) = (segment, candidate);
        }

        if (best is null) return null;
        TimestampedOffset? found = Scan(
            best, Math.Max(largest.Offset, start), best.Size,
            (in RecordBatchHeader batch) => batch.MaxTimestamp == largest.TimestampMs && batch.LastOffset >= start,
            record => record.TimestampMs >= largest.TimestampMs && record.Offset >= start);
        return found ?? LatestOfRecords(log, start);
    }

    // Cleaning can empty the batch that has the largest timestamp and keep it for its producer's sake: then the headers of those with records tell.
    private static TimestampedOffset? LatestOfRecords(LogState log, long start)
    {
        LogSegment? best = null;
        long offset = -1, largest = -1;
        Span<byte> window = stackalloc byte[Limits.WalkWindowBytes];
        foreach (LogSegment segment in log.Segments)
        {
            if (segment.Size == 0) continue;
            OpenFile file = segment.Log.Acquire();
            try
            {
                var walk = new BatchWalker(file, 0, segment.Size, window);
                while (walk.MoveNext())
                {
                    if (walk.Header.Count == 0 || walk.Header.MaxTimestamp <= largest || walk.Header.LastOffset < start) continue;
                    (best, offset, largest) = (segment, walk.Header.LastOffset, walk.Header.MaxTimestamp);
                }
            }
            finally
            {
                file.Release();
            }
        }

        return best is null ? null : Scan(
            best, Math.Max(offset, start), best.Size,
            (in RecordBatchHeader batch) => batch.LastOffset == offset,
            record => record.TimestampMs >= largest && record.Offset >= start);
    }

    // In a segment of which only a part is left, what the index says may be of the part that is gone.
    private static TimestampOffset LargestFrom(LogSegment segment, long start)
    {
        var largest = new TimestampOffset(-1, -1);
        if (segment.Size == 0 || !segment.Find(start, out BatchPlace first)) return largest;
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, first.Position, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (walk.Header.MaxTimestamp > largest.TimestampMs) largest = new TimestampOffset(walk.Header.MaxTimestamp, walk.Header.LastOffset);
            }

            return largest;
        }
        finally
        {
            file.Release();
        }
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
