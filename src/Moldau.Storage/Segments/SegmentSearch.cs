using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Segments;

/// <summary>Look-ups in a segment: the indexes lead near, the batch headers from there on tell exactly. Takes no lock.</summary>
internal static class SegmentSearch
{
    /// <summary>Whether the indexes can be true of the log file: their ends are compared with the batches they name.</summary>
    public static bool IndexesFit(this LogSegment segment)
    {
        if (!segment.Offsets.FitsIn(segment.Size) || !segment.Times.FitsIn(segment.BaseOffset + int.MaxValue + 1L)) return false;
        if (segment.Size == 0) return true;
        OffsetPosition last = segment.Offsets.Last;
        TimestampOffset latest = segment.Times.Last;
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, last.Position, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
            if (!walk.MoveNext() || (last.Position > 0 && walk.Header.BaseOffset > last.Offset)) return false;
            if (latest.TimestampMs < 0) return segment.FirstTimestampMs < 0;
            int from = segment.Offsets.Lookup(latest.Offset).Position;
            if (from < 0 || from >= segment.Size) return false;
            walk = new BatchWalker(file, from, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (walk.Header.LastOffset >= latest.Offset) return walk.Header.MaxTimestamp == latest.TimestampMs;
            }

            return false;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>The first batch that ends at or behind an offset; false when the segment has none.</summary>
    public static bool Find(this LogSegment segment, long offset, out BatchPlace place) => segment.Find(offset, segment.Offsets.Lookup(offset).Position, segment.Size, out place);

    /// <summary>The same from a position that is known to be a batch's, within so many bytes.</summary>
    public static bool Find(this LogSegment segment, long offset, int fromPosition, int endPosition, out BatchPlace place)
    {
        place = default;
        if (fromPosition < 0) throw new IndexException(segment.Offsets.File.Path, $"position {fromPosition}");
        // A damaged entry must not pass for the end of the segment: the reader would go on with the next one and miss what is left of this.
        if (fromPosition > 0 && fromPosition >= segment.Size) throw new IndexException(segment.Offsets.File.Path, $"position {fromPosition} in a segment of {segment.Size} bytes");
        if (fromPosition >= endPosition) return false;
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, fromPosition, endPosition, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (walk.Header.LastOffset < offset) continue;
                place = new BatchPlace(walk.Header.BaseOffset, walk.Header.LastOffset, walk.Position, walk.Size);
                return true;
            }

            if (walk.State != BatchScan.End)
                throw new IndexException(segment.Offsets.File.Path, $"no batch begins at {walk.Position}");
            return false;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>The largest timestamp: the time index says what holds up to its last entry, the batches behind it may have more.</summary>
    public static TimestampOffset LargestAfterIndex(this LogSegment segment)
    {
        TimestampOffset last = segment.Times.Last;
        int from = segment.Offsets.Lookup(last.Offset).Position;
        if (from >= segment.Size) return last;
        // Of a damaged entry: the whole segment tells.
        if (from < 0) from = 0;
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, from, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (walk.Header.MaxTimestamp > last.TimestampMs) last = new TimestampOffset(walk.Header.MaxTimestamp, walk.Header.LastOffset);
            }
        }
        finally
        {
            file.Release();
        }

        return last;
    }

    /// <summary>The largest timestamp of the first batch; -1 when it has none.</summary>
    public static long ReadFirstTimestamp(this LogSegment segment)
    {
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, 0, segment.Size, stackalloc byte[RecordBatchLayout.HeaderBytes]);
            return walk.MoveNext() ? walk.Header.MaxTimestamp : -1;
        }
        finally
        {
            file.Release();
        }
    }
}
