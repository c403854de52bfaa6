using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Inspection;

namespace Moldau.Storage.Directories;

/// <summary>
/// What moves between directories left behind when the node ended. A copy that is marked as complete takes its log's place if that is gone (<see cref="LogSwap"/>); any other
/// gives way, and its move is begun anew later. Two logs of one partition without that mark are refused: whichever were taken, what was acknowledged could be in the other; unless they are
/// of two topics, one of which the metadata know no more.
/// </summary>
internal sealed class Leftovers(LogStore store)
{
    /// <summary>Settles it, so that one folder is left for each partition.</summary>
    /// <exception cref="DuplicateLogException">A partition lies in two directories.</exception>
    public void Settle(List<FoundLog> found)
    {
        bool allOnline = found.TrueForAll(static log => !log.Directory.IsOffline) && store.Options.Directories.Count == store.OnlineDirectories;
        var kept = new List<FoundLog>();
        foreach (IGrouping<TopicPartition, FoundLog> same in found.Where(static log => !log.Directory.IsOffline).GroupBy(static log => log.Partition))
        {
            List<FoundLog> logs = [.. same.Where(static log => !log.IsFuture)];
            if (logs.Count > 1) logs.RemoveAll(log => IsMarked(log) && GivesWay(log));
            if (logs.Count > 1) PutStraysAside(logs, found);
            if (logs.Count > 1) throw new DuplicateLogException(same.Key, logs[0].Folder, logs[1].Folder);
            foreach (FoundLog copy in same.Where(static log => log.IsFuture)) Settle(copy, logs, allOnline);
            kept.AddRange(logs);
        }

        found.Clear();
        found.AddRange(kept);
    }

    private void Settle(FoundLog copy, List<FoundLog> logs, bool allOnline)
    {
        if (logs.Count == 0 && IsMarked(copy))
        {
            if (Promote(copy) is { } log) logs.Add(log);
        }
        else if (logs.Count > 0)
        {
            if (GivesWay(copy) && logs[0].Directory != copy.Directory) store.Interrupted(copy.Partition, copy.Directory);
        }
        // Its log may lie in a directory that is offline: it is looked at again when that is back.
        else if (allOnline)
        {
            GivesWay(copy);
        }
    }

    // A topic that was deleted while one of its directories was offline, and made anew in another: nobody was there to take the old log away.
    private void PutStraysAside(List<FoundLog> logs, List<FoundLog> found)
    {
        List<(FoundLog Log, Uuid Id)> named = [.. logs.Select(log => (log, IdOf(log)))];
        bool areOfTopics = named.TrueForAll(static each => each.Id != Uuid.Zero) && named.Select(static each => each.Id).Distinct().Count() == named.Count;
        string? metadata = found.Find(static log => log.Partition == WellKnown.ClusterMetadata).Folder;
        if (!areOfTopics || metadata is null || MetadataTopics.Read(store.Files, metadata) is not { } topics) return;
        if (named.Count(each => topics.GetValueOrDefault(each.Id) == each.Log.Partition.Topic) != 1) return;
        foreach ((FoundLog log, Uuid id) in named.Where(each => !topics.ContainsKey(each.Id)))
        {
            if (PutAside(log)) logs.Remove(log);
        }
    }

    private Uuid IdOf(FoundLog log)
    {
        Uuid id = Uuid.Zero;
        Attempt(log, () =>
        {
            id = PartitionMetadataFile.Read(store.Files, log.Folder) ?? Uuid.Zero;
            return true;
        });
        return id;
    }

    private bool PutAside(FoundLog log) => Attempt(log, () =>
    {
        string aside = Path.Join(log.Directory.Path, FolderNames.Stray(log.Partition, store.Unique()));
        store.Files.Rename(log.Folder, aside);
        store.Files.FlushDirectory(log.Directory.Path);
        Log.PutAside(store.Logger, log.Partition, aside);
        return true;
    });

    private bool IsMarked(FoundLog log) => Attempt(log, () => MoveMark.Exists(store.Files, log.Folder));

    private FoundLog? Promote(FoundLog copy)
    {
        string folder = Path.Join(copy.Directory.Path, copy.Partition.ToString());
        bool done = Attempt(copy, () =>
        {
            store.Files.Rename(copy.Folder, folder);
            store.Files.FlushDirectory(copy.Directory.Path);
            MoveMark.Remove(store.Files, folder);
            return true;
        });
        if (!done) return null;
        Log.CopyPromoted(store.Logger, folder);
        return copy with { Folder = folder };
    }

    // Durably, before the log that stays is written again: a copy that came back would be marked as complete and no longer be.
    private bool GivesWay(FoundLog copy) => Attempt(copy, () =>
    {
        string deleted = Path.Join(copy.Directory.Path, FolderNames.Deleted(copy.Partition, store.Unique()));
        store.Files.Rename(copy.Folder, deleted);
        store.Files.FlushDirectory(copy.Directory.Path);
        copy.Directory.DeleteLater(deleted, store.Options.DefaultConfig.FileDeleteDelayMs, isFolder: true);
        Log.CopyDiscarded(store.Logger, copy.Folder);
        return true;
    });

    private static bool Attempt(FoundLog log, Func<bool> work)
    {
        if (log.Directory.IsOffline) return false;
        try
        {
            return work();
        }
        catch (IOException broken)
        {
            log.Directory.Fail(broken);
            return false;
        }
    }
}
