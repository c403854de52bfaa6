using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Directories;

/// <summary>Opens a node's log directories: locks them, reads their checkpoints, opens their logs in parallel lanes.</summary>
internal sealed class StoreOpening(LogStore store, IProgress<RecoveryProgress>? progress)
{
    private readonly List<FoundLog> work = [];
    private int opened;

    /// <summary>The directories so far; failed ones are offline.</summary>
    public List<LogDirectory> Directories { get; } = [];

    /// <summary>Opens all.</summary>
    /// <exception cref="DuplicateLogException">A partition lies in two of the directories.</exception>
    public async Task RunAsync()
    {
        long began = Now();
        foreach (string path in store.Options.Directories) Directories.Add(Prepare(path));
        new Leftovers(store).Settle(work);
        int next = -1;
        var lanes = new Task[Math.Min(Limits.RecoveryLanes, work.Count)];
        for (int i = 0; i < lanes.Length; i++) lanes[i] = LaneAsync();
        await Task.WhenAll(lanes);
        foreach (LogDirectory directory in Directories.Where(static directory => !directory.IsOffline))
            Log.DirectoryOpened(store.Logger, directory.Path, work.Count(item => item.Directory == directory), Now() - began, directory.WasClean ? "a clean" : "an unclean");

        async Task LaneAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < work.Count; i = Interlocked.Increment(ref next))
            {
                FoundLog item = work[i];
                await store.Scheduler.RunBlocking(() => Open(item));
                progress?.Report(new RecoveryProgress(Interlocked.Increment(ref opened), work.Count, item.Partition));
            }
        }
    }

    private LogDirectory Prepare(string path)
    {
        LogDirectory? directory = null;
        IDisposable? hold = null;
        try
        {
            CreateFolder(path);
            hold = store.Files.Lock(Path.Join(path, ".lock"));
            directory = new LogDirectory(store, path, MetaProperties.Read(store.Files, path)?.DirectoryId ?? Uuid.Zero) { Hold = hold };
            List(directory);
        }
        // Two processes on one directory is no failure of the disk: then nothing is opened.
        catch (IOException broken) when (broken is not DiskException { Failure: DiskFailure.Taken })
        {
            directory ??= new LogDirectory(store, path, Uuid.Zero) { Hold = hold };
            directory.Fail(broken);
        }

        return directory;
    }

    // With the names of all that had to be made: what is acknowledged later must not hang on a name that a power cut may lose.
    private void CreateFolder(string path)
    {
        var made = new List<string>();
        for (string? at = path; at is { Length: > 0 } && !store.Files.DirectoryExists(at); at = Path.GetDirectoryName(at)) made.Add(at);
        if (made.Count == 0) return;
        store.Files.CreateDirectory(path);
        foreach (string folder in made)
        {
            if (Path.GetDirectoryName(folder) is { Length: > 0 } parent) store.Files.FlushDirectory(parent);
        }
    }

    private void List(LogDirectory directory)
    {
        directory.WasClean = CleanShutdownFile.Exists(store.Files, directory.Path);
        if (directory.WasClean)
        {
            directory.PreviousBrokerEpoch = CleanShutdownFile.ReadBrokerEpoch(store.Files, directory.Path);
            CleanShutdownFile.Remove(store.Files, directory.Path);
        }

        Dictionary<TopicPartition, long> recoveryPoints = Checkpoint(directory, OffsetCheckpointFile.RecoveryPoint);
        Dictionary<TopicPartition, long> starts = Checkpoint(directory, OffsetCheckpointFile.LogStart);
        Dictionary<TopicPartition, long> watermarks = Checkpoint(directory, OffsetCheckpointFile.HighWatermark);
        Dictionary<TopicPartition, long> cleaned = Checkpoint(directory, OffsetCheckpointFile.Cleaner);
        foreach (string name in store.Files.ListDirectories(directory.Path))
        {
            string folder = Path.Join(directory.Path, name);
            if (name.EndsWith(FolderNames.DeleteSuffix, StringComparison.Ordinal)) directory.DeleteLater(folder, store.Options.DefaultConfig.FileDeleteDelayMs, isFolder: true);
            else if (name.EndsWith(FolderNames.StraySuffix, StringComparison.Ordinal)) Log.StrayLeft(store.Logger, folder);
            else if (FolderNames.TryParseFuture(name, out TopicPartition partition) || FolderNames.TryParse(name, out partition))
                work.Add(new FoundLog(directory, partition, folder, new LogCheckpoints(
                    directory.WasClean, recoveryPoints.GetValueOrDefault(partition), starts.GetValueOrDefault(partition), watermarks.GetValueOrDefault(partition), cleaned.GetValueOrDefault(partition, -1))));
            else Log.ForeignFolder(store.Logger, folder);
        }
    }

    // Without a checkpoint everything is read again, which is slow and right.
    private Dictionary<TopicPartition, long> Checkpoint(LogDirectory directory, string name)
    {
        try
        {
            Dictionary<TopicPartition, long> offsets = OffsetCheckpointFile.Read(store.Files, directory.Path, name);
            directory.Checkpointed[name] = [.. offsets.Keys];
            return offsets;
        }
        catch (CheckpointException damaged)
        {
            Log.CheckpointIgnored(store.Logger, damaged.Path, damaged.Message);
            return [];
        }
    }

    private void Open(in FoundLog item)
    {
        if (item.Directory.IsOffline) return;
        try
        {
            LogConfig config = store.Options.ConfigOf?.Invoke(item.Partition) ?? ConfigOf(item.Partition);
            LogState state = LogLoader.Load(item.Directory, item.Partition, item.Folder, config, item.Checkpoints, Now());
            // What recovery found may be in the page cache only: it counts once it is on the disk.
            if (state.NamesUnflushed && store.Options.FlushPolicy == FlushPolicy.Fsync) LogFlush.Run(state, FlushScope.All);
            store.Add(new PartitionLog(state));
        }
        catch (IOException broken)
        {
            item.Directory.Fail(broken);
        }
    }

    private LogConfig ConfigOf(TopicPartition partition) => partition == WellKnown.ClusterMetadata ? LogConfig.Metadata : store.Options.DefaultConfig;

    private long Now() => store.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
