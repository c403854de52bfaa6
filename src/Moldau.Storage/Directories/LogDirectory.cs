using Microsoft.Extensions.Logging;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Directories;
using Moldau.Storage.Logs;
using Moldau.Storage.Files;

namespace Moldau.Storage;

/// <summary>
/// One of the node's log directories (<c>log.dirs</c>): where logs lie, and the unit of failure. A failed write or flush is final: the page cache
/// no longer tells what the disk holds, so nothing in the directory is written or acknowledged again until a restart has read it anew.
/// </summary>
public sealed class LogDirectory
{
    private readonly LogStore store;
    private readonly Lock namesGate = new();
    private Exception? failure;
    private bool namesUnflushed, removalsUnflushed, logStartsChanged, isCordoned;
    private int logCount;
    private long bytesSinceCheckpoint;

    internal LogDirectory(LogStore store, string path, Uuid id)
    {
        this.store = store;
        Path = path;
        Id = id;
        Deletions = new DelayedDeletions(store.Files);
        Commits = new GroupCommit(this);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The directory's id (KIP-858); zero when its <c>meta.properties</c> has none.</summary>
    public Uuid Id { get; }

    /// <summary>Whether it failed.</summary>
    public bool IsOffline => Volatile.Read(ref failure) is not null;

    /// <summary>Why it failed; null while it has not.</summary>
    public Exception? Failure => Volatile.Read(ref failure);

    /// <summary>Whether it takes no new logs unless it is asked for by name (<c>cordoned.log.dirs</c>, KIP-1066).</summary>
    public bool IsCordoned
    {
        get => Volatile.Read(ref isCordoned);
        set => Volatile.Write(ref isCordoned, value);
    }

    /// <summary>Bytes of the directory's volume, free or not.</summary>
    public long TotalBytes => store.Files.TotalBytes(Path);

    /// <summary>Bytes free for this user on the directory's volume.</summary>
    public long FreeBytes => store.Files.FreeBytes(Path);

    internal IFileSystem Files => store.Files;

    internal FileHandleCache Handles => store.Handles;

    internal IScheduler Scheduler => store.Scheduler;

    internal ILogger Logger => store.Logger;

    internal long ProducerExpirationMs => store.ProducerExpirationMs;

    internal long NowMs => store.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    internal DelayedDeletions Deletions { get; }

    internal GroupCommit Commits { get; }

    /// <summary>One writer of checkpoint files at a time. Taken by blocking work only.</summary>
    internal Lock CheckpointGate { get; } = new();

    /// <summary>The lock on the folder; given back when the store closes.</summary>
    internal IDisposable? Hold { get; set; }

    /// <summary>Whether the last run ended cleanly.</summary>
    internal bool WasClean { get; set; }

    /// <summary>The broker epoch of the last run, if it ended cleanly; else -1.</summary>
    internal long PreviousBrokerEpoch { get; set; } = -1;

    /// <summary>Whether a high watermark moved since the checkpoint was written.</summary>
    internal bool HighWatermarksChanged { get; set; }

    /// <summary>Whether a log's first offset rose since the checkpoint was written.</summary>
    internal bool LogStartsChanged
    {
        get => Volatile.Read(ref logStartsChanged);
        set => Volatile.Write(ref logStartsChanged, value);
    }

    /// <summary>Complete copies whose moves did not come to an end: the next start may need them. Under <see cref="CheckpointGate"/>.</summary>
    internal List<LogState> Awaiting { get; } = [];

    /// <summary>The partitions that each checkpoint file names. Under <see cref="CheckpointGate"/>.</summary>
    internal Dictionary<string, HashSet<TopicPartition>> Checkpointed { get; } = new(StringComparer.Ordinal);

    /// <summary>Partitions' logs in the directory, the metadata log apart.</summary>
    internal int LogCount => Volatile.Read(ref logCount);

    internal PlantedStorageBugs Planted => store.Options.Planted;

    internal FlushPolicy FlushPolicy => store.Options.FlushPolicy;

    internal ILogListener Listener => store.Listener;

    internal long BytesSinceCheckpoint => Interlocked.Read(ref bytesSinceCheckpoint);

    /// <summary>Notes that a log has come or gone.</summary>
    internal void CountLog(TopicPartition partition, int by)
    {
        if (partition != WellKnown.ClusterMetadata) Interlocked.Add(ref logCount, by);
    }

    /// <summary>Takes the directory offline, once. Called without a log's lock.</summary>
    internal void Fail(Exception cause)
    {
        if (Interlocked.CompareExchange(ref failure, cause, null) is not null) return;
        Log.DirectoryFailed(Logger, cause, Path);
        Listener.Failed(this, cause);
    }

    /// <summary>Counts bytes towards the next recovery checkpoint; brings it on when there are too many for a quick restart.</summary>
    internal void Appended(int bytes)
    {
        long before = Interlocked.Add(ref bytesSinceCheckpoint, bytes) - bytes;
        if (before < Limits.RecoveryScanBytesMax && before + bytes >= Limits.RecoveryScanBytesMax) store.WakeHousekeeping();
    }

    /// <summary>Begins to count anew.</summary>
    internal void CheckpointBegins() => Interlocked.Exchange(ref bytesSinceCheckpoint, 0);

    /// <summary>Writes the recovery points at once. Blocking.</summary>
    internal void WriteRecoveryPoints() => OffsetCheckpoints.WriteRecoveryPointFile(this, store.Logs);

    /// <summary>Whether a log is on its way to another directory.</summary>
    internal bool IsMoving(TopicPartition partition) => store.FindMove(partition) is not null;

    /// <summary>Writes how far the cleaner has come. Blocking.</summary>
    internal void WriteCleanedOffsets() => OffsetCheckpoints.WriteCleaned(this, store.Logs);

    /// <summary>
    /// Makes the first offsets of the directory's logs durable, unless they are already. Blocking; who comes second waits for the first, whose file covers both.
    /// </summary>
    internal void SaveLogStarts()
    {
        lock (CheckpointGate)
        {
            if (LogStartsChanged) OffsetCheckpoints.WriteLogStarts(this, store.Logs);
        }

        if (Failure is { } broken) throw new IOException(broken.Message, broken);
    }

    /// <summary>
    /// Takes a partition out of the checkpoint files, where a log of the same name has left it: its successor must not begin where it began, nor trust what it had
    /// flushed. Blocking, when there is something to take out.
    /// </summary>
    internal void ForgetCheckpoints(TopicPartition partition)
    {
        lock (CheckpointGate)
        {
            foreach ((string name, HashSet<TopicPartition> named) in Checkpointed.ToArray())
            {
                if (named.Contains(partition)) OffsetCheckpoints.WriteWithout(this, store.Logs, name, partition);
            }
        }
    }

    /// <summary>Removes a file after a delay.</summary>
    internal void DeleteLater(string path, long delayMs, bool isFolder = false)
    {
        Deletions.Add(path, isFolder, NowMs + delayMs);
        store.WakeHousekeeping();
    }

    /// <summary>Notes that a folder was made or renamed in this directory.</summary>
    internal void NamesChanged()
    {
        lock (namesGate) namesUnflushed = true;
    }

    /// <summary>Notes that a log's folder was renamed away.</summary>
    internal void NameRemoved()
    {
        lock (namesGate) namesUnflushed = removalsUnflushed = true;
    }

    /// <summary>Makes durable that folders were renamed away, if any were. Blocking. A directory that fails at it is offline.</summary>
    internal void FlushRemovals()
    {
        if (IsOffline || !Volatile.Read(ref removalsUnflushed)) return;
        try
        {
            FlushNames();
        }
        catch (IOException broken)
        {
            Fail(broken);
        }
    }

    /// <summary>Makes the names of the logs' folders durable. Blocking; who comes second waits for the first, whose flush covers both.</summary>
    internal void FlushNames()
    {
        lock (namesGate)
        {
            if (!namesUnflushed) return;
            Files.FlushDirectory(Path);
            namesUnflushed = removalsUnflushed = false;
        }
    }

    public override string ToString() => Path;
}
