using Moldau.Storage.Segments;

namespace Moldau.Storage.Cleaning;

/// <summary>Which segments are cleaned into one: neighbours that together stay within <c>segment.bytes</c>, the index size and the reach of a relative offset.</summary>
internal static class SegmentGroups
{
    /// <summary>Groups segments in their order.</summary>
    /// <param name="segments">The segments to be cleaned.</param>
    /// <param name="bytesMax">Log bytes of a group.</param>
    /// <param name="indexBytesMax">Bytes of each index of a group.</param>
    /// <param name="end">The offset behind the last segment.</param>
    public static List<LogSegment[]> Of(ReadOnlySpan<LogSegment> segments, long bytesMax, long indexBytesMax, long end)
    {
        var groups = new List<LogSegment[]>();
        int first = 0;
        while (first < segments.Length)
        {
            int next = first + 1;
            Sizes sum = Sizes.Of(segments[first]);
            while (next < segments.Length)
            {
                Sizes with = sum + Sizes.Of(segments[next]);
                if (with.Log > bytesMax || with.Offsets > indexBytesMax || with.Times > indexBytesMax) break;
                // The true last offset would cost a read. One that is empty may follow at any distance: a log would be left with an empty segment every 2^31 offsets.
                long last = (next + 1 < segments.Length ? segments[next + 1].BaseOffset : end) - 1;
                if (segments[next].Size > 0 && last - segments[first].BaseOffset > int.MaxValue) break;
                sum = with;
                next++;
            }

            groups.Add(segments[first..next].ToArray());
            first = next;
        }

        return groups;
    }

    private readonly record struct Sizes(long Log, long Offsets, long Times)
    {
        public static Sizes operator +(Sizes left, Sizes right) => new(left.Log + right.Log, left.Offsets + right.Offsets, left.Times + right.Times);

        public static Sizes Of(LogSegment segment) => new(
            segment.Size, (long)segment.Offsets.File.Count * Indexes.OffsetIndex.EntryBytes, (long)segment.Times.File.Count * Indexes.TimeIndex.EntryBytes);
    }
}
