using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Producer snapshots that belong to no segment: a clean stop and each recovery checkpoint leave one behind the active segment's beginning.
/// </summary>
internal static class StraySnapshots
{
    /// <summary>Removes those that a later one has made superfluous, and any below the active segment. Called with the gate.</summary>
    public static void Clear(LogState log, long usableUpTo = long.MaxValue)
    {
        long newest = -1;
        foreach (long offset in log.Snapshots)
        {
            if (offset <= usableUpTo) newest = Math.Max(newest, offset);
        }

        for (int i = log.Snapshots.Count - 1; i >= 0; i--)
        {
            long offset = log.Snapshots[i];
            if (offset >= newest || offset > usableUpTo || IsSegment(log, offset)) continue;
            log.Files.DeleteFile(Path.Join(log.Folder, SegmentNames.File(offset, SegmentNames.Snapshot)));
            log.Snapshots.RemoveAt(i);
            log.UnflushedSnapshots.Remove(offset);
        }
    }

    private static bool IsSegment(LogState log, long offset) => log.Segments[LogState.Floor(log.Segments, offset)].BaseOffset == offset;
}
