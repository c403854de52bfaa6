using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Where recovery begins to read in the segment that holds the recovery point: at the batch that the last index entry at or below it leads to, if
/// index and log agree there, else at the segment's beginning.
/// </summary>
/// <param name="Position">Where the batch begins; 0 for the whole segment.</param>
/// <param name="Offset">The batch's first offset.</param>
/// <param name="LargestBefore">The largest timestamp of the batches before it.</param>
/// <param name="TimesFrom">Time index entries for offsets from here on are dropped.</param>
internal readonly record struct RecoveryStart(int Position, long Offset, TimestampOffset LargestBefore, long TimesFrom)
{
    /// <summary>Finds it.</summary>
    public static RecoveryStart Find(LogState log, LogSegment segment, long recoveryPoint)
    {
        var whole = new RecoveryStart(0, segment.BaseOffset, new TimestampOffset(-1, segment.BaseOffset), segment.BaseOffset);
        if (!log.Files.FileExists(segment.Offsets.File.Path)) return whole;
        OffsetPosition entry = segment.Offsets.LookupBeforeZeros(recoveryPoint);
        if (entry.Position <= 0 || entry.Position >= segment.Size) return whole;
        OpenFile file = segment.Log.Acquire();
        try
        {
            using var scanner = new SegmentScanner(file, entry.Position, segment.Size);
            if (!scanner.MoveNext() || scanner.Header.LastOffset != entry.Offset || scanner.Header.BaseOffset < segment.BaseOffset) return whole;
            return WithTimes(log, segment, file, entry.Position, scanner.Header.BaseOffset) ?? whole;
        }
        finally
        {
            file.Release();
        }
    }

    // A power cut may have kept the offset index and lost the time index: what that does not cover is read from the headers. Each entry says
    // what holds up to its batch, so reading goes on from there.
    private static RecoveryStart? WithTimes(LogState log, LogSegment segment, OpenFile file, int position, long offset)
    {
        var largest = new TimestampOffset(-1, segment.BaseOffset);
        if (log.Files.FileExists(segment.Times.File.Path)) largest = segment.Times.LastBelow(offset);
        int from = largest.TimestampMs < 0 ? 0 : segment.Offsets.Lookup(largest.Offset).Position;
        if (from < 0 || from >= position) from = 0;
        bool confirmed = largest.TimestampMs < 0;
        TimestampOffset known = largest;
        var walk = new BatchWalker(file, from, position, stackalloc byte[Limits.WalkWindowBytes]);
        while (walk.MoveNext())
        {
            confirmed |= walk.Header.LastOffset == known.Offset && walk.Header.MaxTimestamp == known.TimestampMs;
            if (walk.Header.MaxTimestamp > largest.TimestampMs) largest = new TimestampOffset(walk.Header.MaxTimestamp, walk.Header.LastOffset);
        }

        if (walk.State != BatchScan.End || !confirmed) return null;
        return new RecoveryStart(position, offset, largest, offset);
    }
}
