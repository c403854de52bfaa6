using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>
/// Takes segments and snapshots away: renamed to <c>.deleted</c> at once, so that a restart does not find them, and removed after
/// <c>file.delete.delay.ms</c>, so that reads which hold them end well.
/// </summary>
internal static class LogDeletion
{
    /// <summary>Removes segments that are in the list no more. Called with the gate.</summary>
    public static void Delete(LogState log, ReadOnlySpan<LogSegment> segments)
    {
        if (segments.Length > 0) log.Removals++;
        foreach (LogSegment segment in segments)
        {
            segment.AddSuffix(SegmentNames.Deleted);
            segment.Log.Retire();
            log.NamesUnflushed = true;
            Later(log, segment.BaseOffset, SegmentNames.Log);
            Later(log, segment.BaseOffset, SegmentNames.OffsetIndex);
            Later(log, segment.BaseOffset, SegmentNames.TimeIndex);
            Later(log, segment.BaseOffset, SegmentNames.TransactionIndex);
        }
    }

    /// <summary>Removes the producer snapshots that a rule picks. Called with the gate.</summary>
    public static void DeleteSnapshots(LogState log, Func<long, long, bool> rule, long argument)
    {
        for (int i = log.Snapshots.Count - 1; i >= 0; i--)
        {
            long offset = log.Snapshots[i];
            if (!rule(offset, argument)) continue;
            string path = Path.Join(log.Folder, SegmentNames.File(offset, SegmentNames.Snapshot));
            if (log.Files.FileExists(path)) log.Files.Rename(path, path + SegmentNames.Deleted);
            log.Snapshots.RemoveAt(i);
            log.UnflushedSnapshots.Remove(offset);
            Later(log, offset, SegmentNames.Snapshot);
        }
    }

    private static void Later(LogState log, long offset, string suffix) =>
        log.Directory.DeleteLater(Path.Join(log.Folder, SegmentNames.File(offset, suffix) + SegmentNames.Deleted), log.Config.FileDeleteDelayMs);
}
