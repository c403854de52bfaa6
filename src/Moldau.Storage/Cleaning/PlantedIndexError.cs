using Moldau.Storage.Indexes;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Cleaning;

/// <summary>Only ever planted by the simulation: the last entry of a segment's offset index names the offset before its own.</summary>
internal static class PlantedIndexError
{
    public static void Insert(LogSegment segment)
    {
        OffsetPosition last = segment.Offsets.Last;
        if (last.Position == 0) return;
        segment.Offsets.File.Truncate(segment.Offsets.File.Count - 1);
        segment.Offsets.Append(last.Offset - 1, last.Position);
    }
}
