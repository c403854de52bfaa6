using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Files that an interrupted cleaning or deletion left in a log's folder. <c>.cleaned</c>: not finished, removed. <c>.swap</c>: finished, it
/// takes the place of what it was made from. <c>.deleted</c>: removed after the usual delay. An index without its log: removed.
/// </summary>
internal static class LeftoverFiles
{
    /// <summary>Brings the folder in order before its segments are opened.</summary>
    public static void Clear(LogState log, long nowMs)
    {
        IReadOnlyList<string> names = log.Files.ListFiles(log.Folder);
        bool swaps = false, strays = false;
        foreach (string name in names)
        {
            if (name.EndsWith(SegmentNames.Deleted, StringComparison.Ordinal))
                log.Directory.DeleteLater(Path.Join(log.Folder, name), log.Config.FileDeleteDelayMs);
            swaps |= name.EndsWith(SegmentNames.Swap, StringComparison.Ordinal) || name.EndsWith(SegmentNames.Cleaned, StringComparison.Ordinal);
            strays |= name.EndsWith(".tmp", StringComparison.Ordinal);
        }

        if (strays) RemoveWhere(log, names, static name => name.EndsWith(".tmp", StringComparison.Ordinal));
        if (swaps) FinishCleaning(log, names, nowMs);
        RemoveOrphans(log, swaps ? log.Files.ListFiles(log.Folder) : names);
    }

    private static void FinishCleaning(LogState log, IReadOnlyList<string> names, long nowMs)
    {
        // A swap from where something is still being cleaned on belongs to the unfinished cleaning.
        long unfinished = long.MaxValue;
        foreach (string name in names)
        {
            if (name.EndsWith(SegmentNames.Cleaned, StringComparison.Ordinal) && SegmentNames.TryParse(name, out long offset, out _))
                unfinished = Math.Min(unfinished, offset);
        }

        RemoveWhere(log, names, name => name.EndsWith(SegmentNames.Cleaned, StringComparison.Ordinal)
            || (name.EndsWith(SegmentNames.Swap, StringComparison.Ordinal) && SegmentNames.TryParse(name, out long offset, out _) && offset >= unfinished));
        string[] swaps = [.. log.Files.ListFiles(log.Folder).Where(name => name.EndsWith(SegmentNames.Swap, StringComparison.Ordinal))];
        if (swaps.Length == 0) return;
        (long first, long end) = Range(log, swaps, nowMs);
        RemoveWhere(log, names, name => !name.EndsWith(SegmentNames.Swap, StringComparison.Ordinal) && !name.EndsWith(SegmentNames.Deleted, StringComparison.Ordinal)
            && SegmentNames.TryParse(name, out long offset, out _) && offset >= first && offset < end);
        foreach (string name in swaps)
            log.Files.Rename(Path.Join(log.Folder, name), Path.Join(log.Folder, name[..^SegmentNames.Swap.Length]));
        log.NamesUnflushed = true;
    }

    // What the swapped segments stand for: from the first's beginning to the last's end.
    private static (long First, long End) Range(LogState log, string[] swaps, long nowMs)
    {
        long first = long.MaxValue, end = long.MinValue;
        foreach (string name in swaps)
        {
            if (!SegmentNames.TryParse(name, out long offset, out ReadOnlySpan<char> suffix) || !suffix.SequenceEqual(SegmentNames.Log + SegmentNames.Swap)) continue;
            first = Math.Min(first, offset);
            // Also where nothing was left of the segments: the old ones' other files go with them.
            end = Math.Max(end, Math.Max(NextOffset(log, name, offset), offset + 1));
        }

        return (first, end);
    }

    private static long NextOffset(LogState log, string name, long offset)
    {
        using IFile file = log.Files.Open(Path.Join(log.Folder, name), FileOpen.Read);
        long next = offset;
        var walk = new BatchWalker(file, 0, checked((int)file.Length), stackalloc byte[Limits.WalkWindowBytes]);
        while (walk.MoveNext()) next = walk.Header.LastOffset + 1;
        return next;
    }

    private static void RemoveOrphans(LogState log, IReadOnlyList<string> names)
    {
        HashSet<long> logs = [];
        foreach (string name in names)
        {
            if (SegmentNames.TryParse(name, out long offset, out ReadOnlySpan<char> suffix) && suffix.SequenceEqual(SegmentNames.Log)) logs.Add(offset);
        }

        RemoveWhere(log, names, name => SegmentNames.TryParse(name, out long offset, out ReadOnlySpan<char> suffix) && !logs.Contains(offset)
            && (suffix.SequenceEqual(SegmentNames.OffsetIndex) || suffix.SequenceEqual(SegmentNames.TimeIndex) || suffix.SequenceEqual(SegmentNames.TransactionIndex)));
    }

    private static void RemoveWhere(LogState log, IReadOnlyList<string> names, Predicate<string> rule)
    {
        foreach (string name in names)
        {
            if (rule(name)) log.Files.DeleteFile(Path.Join(log.Folder, name));
        }
    }
}
