using Moldau.Protocol;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>Reads by offset: finds the batch by index, and gives the region of the file from there. Takes no lock.</summary>
internal static class LogReader
{
    /// <summary>Batches from an offset on, below an upper bound.</summary>
    public static LogReadResult Read(LogState log, long from, int bytesMax, long upperBound, bool atLeastOneBatch)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return ReadOnce(log, from, bytesMax, upperBound, atLeastOneBatch);
            }
            catch (FileNotFoundException) when (attempt < Limits.ReadRetries)
            {
                // Retention removed the segment between the look-up and the opening: the list is newer now.
            }
            catch (IndexException) when (attempt < Limits.ReadRetries)
            {
                IndexRebuild.Rebuild(log, from);
            }
        }
    }

    /// <summary>Bytes of batches from one offset to another: what a fetch waits for.</summary>
    public static long BytesBetween(LogState log, long from, long to)
    {
        LogMark end = log.End;
        if (from >= to || from >= end.Offset) return 0;
        LogSegment[] segments = log.Segments;
        int first = LogState.Floor(segments, Math.Max(from, log.LogStartOffset));
        int last = LogState.Floor(segments, Math.Min(to, end.Offset) - 1);
        long bytes = Limit(log, segments, last, to, end);
        for (int i = first; i < last; i++) bytes += segments[i].Size;
        return Math.Max(0, bytes - (segments[first].Find(from, out BatchPlace place) ? place.Position : segments[first].Size));
    }

    /// <summary>The aborted transactions that a reader of a range must know (KIP-98).</summary>
    public static List<AbortedTransaction> Aborted(LogState log, long from, long upperBound)
    {
        LogSegment[] segments = log.Segments;
        return Aborted(log, segments, LogState.Floor(segments, from), from, upperBound);
    }

    /// <summary>The same for what a read gave: up to an offset behind the last record that can be in it.</summary>
    public static List<AbortedTransaction> Aborted(LogState log, long from, in LogReadResult read)
    {
        LogSegment[] segments = read.Segments!;
        LogSegment segment = segments[read.SegmentIndex];
        long upperBound = segment.Offsets.AtOrBehind((long)read.Position + read.SizeInBytes) is { } entry ? entry.Offset
            : read.SegmentIndex + 1 < segments.Length ? segments[read.SegmentIndex + 1].BaseOffset
            : log.End.Offset;
        return Aborted(log, segments, read.SegmentIndex, from, upperBound);
    }

    /// <summary>The same for a list of segments, some of which may have been replaced in the log meanwhile.</summary>
    public static List<AbortedTransaction> Aborted(LogState log, LogSegment[] segments, int first, long from, long upperBound)
    {
        var aborted = new List<AbortedTransaction>();
        for (int i = first; i < segments.Length; i++)
        {
            foreach (AbortedTransaction transaction in Entries(log, segments[i]))
            {
                if (transaction.LastOffset >= from && transaction.FirstOffset < upperBound) aborted.Add(transaction);
                // Whatever is aborted later began behind this stable offset.
                if (transaction.LastStableOffset >= upperBound || aborted.Count >= Limits.AbortedTransactionsMax) return aborted;
            }
        }

        return aborted;
    }

    /// <summary>A segment's aborted transactions; an index that cannot be read is built anew.</summary>
    public static AbortedTransaction[] Entries(LogState log, LogSegment segment)
    {
        try
        {
            return segment.Transactions.Entries;
        }
        catch (IndexException)
        {
            IndexRebuild.RebuildTransactions(log, segment);
            return segment.Transactions.Entries;
        }
    }

    private static LogReadResult ReadOnce(LogState log, long from, int bytesMax, long upperBound, bool atLeastOneBatch)
    {
        LogMark end = log.End;
        if (from < log.LogStartOffset || from > end.Offset) return LogReadResult.Fail(ErrorCode.OffsetOutOfRange, log);
        LogSegment[] segments = log.Segments;
        int first = LogState.Floor(segments, from);
        // Retention took the segment away since the start was looked at: what stands first now is not what was asked for.
        if (segments[first].BaseOffset > from) return LogReadResult.Fail(ErrorCode.OffsetOutOfRange, log);
        for (int i = first; i < segments.Length && from < upperBound; i++)
        {
            IndexRebuild.Ensure(log, segments[i]);
            int limit = Limit(log, segments, i, upperBound, end);
            OffsetPosition start = segments[i].Offsets.Lookup(from);
            if (!segments[i].Find(from, start.Position, limit, out BatchPlace place)) continue;
            if (place.Position == start.Position && start.Position > 0 && place.BaseOffset > start.Offset)
                throw new IndexException(segments[i].Offsets.File.Path, $"the entry for {start.Offset} leads to the batch at {place.BaseOffset}");
            int bytes = (int)Math.Min(limit - place.Position, (long)(atLeastOneBatch ? Math.Max(bytesMax, place.Size) : bytesMax));
            if (bytes <= 0) return LogReadResult.Nothing(log);
            OpenFile file = segments[i].Log.Acquire();
            return new LogReadResult(ErrorCode.None, new Records(new FileRegion(file, place.Position, bytes)), log)
            {
                Segments = segments,
                SegmentIndex = i,
                Position = place.Position,
            };
        }

        return LogReadResult.Nothing(log);
    }

    /// <summary>Where reading must stop in a segment, for a bound on offsets.</summary>
    private static int Limit(LogState log, LogSegment[] segments, int index, long upperBound, LogMark end)
    {
        LogSegment segment = segments[index];
        if (index + 1 < segments.Length && upperBound >= segments[index + 1].BaseOffset) return segment.Size;
        LogMark flushed = log.Flushed;
        LogMark? mark = upperBound >= end.Offset ? end : upperBound == flushed.Offset ? flushed : null;
        if (mark is not null && mark.SegmentBase == segment.BaseOffset) return mark.Position;
        if (mark is not null && mark.SegmentBase > segment.BaseOffset) return segment.Size;
        return segment.Find(upperBound, out BatchPlace place) ? place.Position : segment.Size;
    }
}
