using Moldau.Protocol;
using Moldau.Storage.Directories;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage;

/// <summary>
/// The end of a move. With the gates of log and copy held, so that nothing is appended meanwhile (the one flush that appends wait for), the copy takes over the rest and becomes
/// durable, with a mark that it is complete; then the log's folder is renamed to <c>-delete</c>, durably; then the copy's folder gets the log's name, durably.
/// </summary>
/// <remarks>
/// Wherever a crash falls, one log is found: before the first renaming the old one, which nothing was acknowledged without; behind it the copy, by its mark. That order
/// and not the other, for between the two renamings there is then one log with the name at most.
/// </remarks>
internal static class LogSwap
{
    /// <summary>Swaps. False when records came that are too many to copy with the gates held, or the log was cut: then copying goes on.</summary>
    /// <exception cref="SourceFailedException">The log's directory failed.</exception>
    /// <exception cref="IOException">The copy's directory failed; the log is where it was.</exception>
    public static bool Run(LogStore store, PartitionLog log, LogCopy copy)
    {
        LogState source = log.State, target = copy.State;
        if (!target.Directory.Planted.MoveWithoutSync) copy.Flush();
        lock (source.SwapGate)
        lock (source.FlushGate)
        {
            lock (source.Gate)
            {
                if (source.Closed || source != log.State) throw new LogUnavailableException(log.Partition);
                long lag = source.End.Offset - target.End.Offset;
                while (!copy.IsCaughtUp && copy.Continue(Limits.ScanWindowBytes) > 0)
                {
                }

                if (!copy.IsCaughtUp || lag < 0) return false;
                lock (target.Gate)
                {
                    TakeOver(source, target);
                    MakeDurable(store, target);
                    copy.IsComplete = true;
                    Rename(store, source, target);
                    log.ContinueIn(target);
                    source.Closed = true;
                    foreach (LogSegment segment in source.Segments) segment.Log.Retire();
                }
            }
        }

        RemoveMark(target);
        source.Directory.CountLog(log.Partition, -1);
        target.Directory.CountLog(log.Partition, 1);
        Storage.Log.Moved(store.Logger, log.Partition, source.Directory.Path, target.Directory.Path);
        target.Directory.Listener.Flushed(log);
        return true;
    }

    private static void TakeOver(LogState source, LogState target)
    {
        target.Config = source.Config;
        target.TopicId = source.TopicId;
        target.FlushOnAppend = source.FlushOnAppend;
        target.Producers = source.Producers;
        target.Epochs = new Epochs.LeaderEpochs(source.Epochs.Entries, dirty: true);
        target.LogStartOffset = Math.Max(source.LogStartOffset, target.Segments[0].BaseOffset);
        target.HighWatermark = source.HighWatermark;
        target.UpdateLastStableOffset();
        target.Producers.EndOffset = target.End.Offset;
        LogRoll.Snapshot(target);
        target.Verify();
    }

    private static void MakeDurable(LogStore store, LogState target)
    {
        if (target.Directory.Planted.MoveWithoutSync) target.Flushed = target.End;
        else LogFlush.Run(target, FlushScope.All);
        Invariant.That(target.Flushed.Offset == target.End.Offset);
        OffsetCheckpoints.WriteIncoming(target.Directory, store.Logs, target);
        MoveMark.Write(target.Files, target.Folder);
    }

    private static void Rename(LogStore store, LogState source, LogState target)
    {
        string left = Path.Join(source.Directory.Path, FolderNames.Deleted(source.Partition, store.Unique()));
        string arrived = Path.Join(target.Directory.Path, source.Partition.ToString());
        Leave(source, source.Folder, left);
        try
        {
            target.Files.Rename(target.Folder, arrived);
            target.Files.FlushDirectory(target.Directory.Path);
        }
        catch (IOException)
        {
            // The log goes back: whichever name the copy is found under, its mark says that it gives way to one without.
            Leave(source, left, source.Folder);
            throw;
        }

        target.Folder = arrived;
        foreach (LogSegment segment in target.Segments) segment.Relocate(arrived);
        source.Folder = left;
        source.Directory.DeleteLater(left, source.Config.FileDeleteDelayMs, isFolder: true);
    }

    // The log is alone by now: a mark that stays does no harm, the disk that keeps it does.
    private static void RemoveMark(LogState target)
    {
        try
        {
            MoveMark.Remove(target.Files, target.Folder);
        }
        catch (IOException broken)
        {
            target.Directory.Fail(broken);
        }
    }

    private static void Leave(LogState source, string from, string to)
    {
        try
        {
            source.Files.Rename(from, to);
            source.Files.FlushDirectory(source.Directory.Path);
        }
        catch (IOException broken)
        {
            throw new SourceFailedException(broken);
        }
    }
}
