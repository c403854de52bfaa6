using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Storage.Cleaning;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Directories;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage;

/// <summary>
/// All logs of a node, in its log directories: opens them, makes and deletes them, keeps checkpoints and retention. Its background work runs on
/// the scheduler in one loop, from <see cref="Start"/> to <see cref="CloseAsync"/>. Thread-safe.
/// </summary>
public sealed class LogStore
{
    private static readonly ILogListener Nobody = new SilentListener();

    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> logs = new();
    private readonly ConcurrentDictionary<TopicPartition, LogMove> moves = new();
    private readonly ConcurrentDictionary<TopicPartition, LogDirectory> preferred = new();
    private readonly ConcurrentDictionary<TopicPartition, LogDirectory> interrupted = new();
    private readonly Housekeeping housekeeping;
    private readonly LogCleaner cleaner;
    private CleanerOptions cleanerOptions;
    private ILogListener listener = Nobody;
    private long producerExpirationMs;
    private List<LogDirectory> directories = [];

    private LogStore(LogStoreOptions options, IFileSystem files, IScheduler scheduler, ILogger logger)
    {
        Options = options;
        producerExpirationMs = options.ProducerExpirationMs;
        Files = files;
        Scheduler = scheduler;
        Logger = logger;
        Handles = new FileHandleCache(files, options.CachedFilesMax);
        housekeeping = new Housekeeping(this);
        cleaner = new LogCleaner(this);
        cleanerOptions = options.Cleaner;
    }

    /// <summary>The log directories, in the order of the configuration; offline ones too.</summary>
    public IReadOnlyList<LogDirectory> Directories => directories;

    /// <summary>All logs, by topic and number: a node does the same things in the same order whatever its hash codes are.</summary>
    public IEnumerable<PartitionLog> Logs => LogsWhere(static _ => true);

    /// <summary>The broker epoch of the last run; -1 unless every directory was closed cleanly by it.</summary>
    public long PreviousBrokerEpoch => directories.Count == 0 ? -1 : directories.Min(static directory => directory.PreviousBrokerEpoch);

    /// <summary>Who is told of appends, flushes and failures. Set it before logs are used.</summary>
    public ILogListener Listener
    {
        get => listener;
        set
        {
            listener = value;
            foreach (LogDirectory directory in directories)
            {
                if (directory.Failure is { } failure) value.Failed(directory, failure);
            }
        }
    }

    /// <summary><c>producer.id.expiration.ms</c>; may be changed while the store is open, and counts from the next check.</summary>
    public long ProducerExpirationMs
    {
        get => Volatile.Read(ref producerExpirationMs);
        set => Volatile.Write(ref producerExpirationMs, value);
    }

    /// <summary>How compacted logs are cleaned; a change takes effect at once, and begins anew what is being cleaned.</summary>
    public CleanerOptions Cleaner
    {
        get => cleanerOptions;
        set
        {
            cleanerOptions = value;
            cleaner.Configure(value);
        }
    }

    internal LogCleaner LogCleaner => cleaner;

    internal LogStoreOptions Options { get; }

    internal int OnlineDirectories => directories.Count(static directory => !directory.IsOffline);

    internal IFileSystem Files { get; }

    internal IScheduler Scheduler { get; }

    internal ILogger Logger { get; }

    internal FileHandleCache Handles { get; }

    /// <summary>
    /// Opens every log in the directories. A directory that fails is offline, the others go on; when all fail the first failure is thrown.
    /// </summary>
    /// <exception cref="IOException">No directory can be used, or another process uses one.</exception>
    /// <exception cref="DuplicateLogException">A partition lies in two directories.</exception>
    public static async Task<LogStore> OpenAsync(
        LogStoreOptions options, IFileSystem files, IScheduler scheduler, ILogger logger, IProgress<RecoveryProgress>? progress = null)
    {
        var store = new LogStore(options, files, scheduler, logger);
        var opening = new StoreOpening(store, progress);
        store.directories = opening.Directories;
        bool isOpen = false;
        try
        {
            await opening.RunAsync();
            isOpen = !store.directories.TrueForAll(static directory => directory.IsOffline);
            return isOpen ? store : throw new IOException($"no log directory can be used: {store.directories[0].Failure!.Message}", store.directories[0].Failure);
        }
        finally
        {
            if (!isOpen) store.directories.ForEach(static directory => directory.Hold?.Dispose());
        }
    }

    /// <summary>Begins retention, cleaning, checkpoints and expiry. Called once the logs have their topics' configuration: the default would remove what they want kept.</summary>
    public void Start()
    {
        housekeeping.Start();
        cleaner.Start();
    }

    /// <summary>The log of a partition, or null.</summary>
    public PartitionLog? Find(TopicPartition partition) => logs.GetValueOrDefault(partition);

    /// <summary>The log's way to another directory, or null.</summary>
    public LogMove? FindMove(TopicPartition partition) => moves.GetValueOrDefault(partition);

    /// <summary>Logs on their way to another directory, in order.</summary>
    public IEnumerable<LogMove> Moves =>
        moves.Values.OrderBy(static move => move.Log.Partition.Topic, StringComparer.Ordinal).ThenBy(static move => move.Log.Partition.Partition);

    /// <summary>Whether a log can be moved at all: the copy's folder needs room in its name.</summary>
    public static bool CanMove(TopicPartition partition) => FolderNames.Future(partition, UInt128.Zero) is not null;

    /// <summary>Begins to move a log; what it was on its way to before is given up. Whoever calls makes the steps. Blocking.</summary>
    public LogMove BeginMove(PartitionLog log, LogDirectory target)
    {
        Invariant.That(log.Directory != target);
        FindMove(log.Partition)?.Cancel();
        var move = new LogMove(this, log, target, Path.Join(target.Path, FolderNames.Future(log.Partition, Unique())));
        Invariant.That(moves.TryAdd(log.Partition, move));
        return move;
    }

    /// <summary>The directory that a log was on its way to when the node ended; null when it was not. Tells it once.</summary>
    public LogDirectory? TakeInterruptedMove(TopicPartition partition) => interrupted.TryRemove(partition, out LogDirectory? target) ? target : null;

    /// <summary>Where the log of a partition is to be made that does not exist yet; remembered until then, or until the node ends.</summary>
    public void Prefer(TopicPartition partition, LogDirectory directory)
    {
        if (preferred.Count < Limits.PreferredDirectoriesMax || preferred.ContainsKey(partition)) preferred[partition] = directory;
    }

    /// <summary>Makes the log of a partition, in the given directory or the one with the fewest logs. It is durable with its first flush. Blocking.</summary>
    /// <exception cref="IOException">The directory fails, or none is online.</exception>
    public PartitionLog Create(TopicPartition partition, Uuid topicId, LogConfig config, Uuid? directoryId = null)
    {
        bool hasPreference = preferred.TryRemove(partition, out LogDirectory? wanted) && !wanted.IsOffline && directoryId is null;
        LogDirectory directory = hasPreference ? wanted! : Choose(directoryId);
        string folder = Path.Join(directory.Path, partition.ToString());
        // What another directory was rid of must not come back with a crash: two logs of one partition would be found.
        foreach (LogDirectory other in directories)
        {
            if (other != directory) other.FlushRemovals();
        }

        try
        {
            directory.ForgetCheckpoints(partition);
            Files.CreateDirectory(folder);
            PartitionMetadataFile.Write(Files, folder, topicId);
            var state = new LogState(directory, partition, topicId, folder, config) { NamesUnflushed = true, TopicIdUnflushed = true, Touched = true };
            state.Segments = [LogRoll.Begin(state, 0, directory.NowMs)];
            directory.NamesChanged();
            var log = new PartitionLog(state);
            Add(log);
            return log;
        }
        catch (IOException broken)
        {
            directory.Fail(broken);
            throw;
        }
    }

    /// <summary>
    /// Deletes a log: its folder is renamed to <c>topic-partition.uniqueid-delete</c> at once and removed after <c>file.delete.delay.ms</c>.
    /// False when there is none.
    /// </summary>
    public bool Delete(TopicPartition partition) => Remove(partition, FolderNames.Deleted(partition, Unique()), isStray: false);

    /// <summary>
    /// Puts a log aside whose partition the metadata do not have on this node: its folder is renamed to <c>topic-partition.uniqueid-stray</c> and kept, as Kafka does, for whoever
    /// misses it.
    /// </summary>
    public bool PutAside(TopicPartition partition) => Remove(partition, FolderNames.Stray(partition, Unique()), isStray: true);

    private bool Remove(TopicPartition partition, string name, bool isStray)
    {
        FindMove(partition)?.Cancel();
        if (!logs.TryRemove(partition, out PartitionLog? log)) return false;
        log.Directory.CountLog(partition, -1);
        LogState state = log.State;
        try
        {
            lock (state.SwapGate)
            lock (state.Gate)
            {
                state.Closed = true;
                string folder = Path.Join(state.Directory.Path, name);
                Files.Rename(state.Folder, folder);
                state.Folder = folder;
                foreach (LogSegment segment in state.Segments) segment.Log.Retire();
            }

            state.Directory.NameRemoved();
            if (!isStray) state.Directory.DeleteLater(state.Folder, state.Config.FileDeleteDelayMs, isFolder: true);
        }
        catch (IOException broken)
        {
            state.Directory.Fail(broken);
        }

        if (isStray) Log.PutAside(Logger, partition, state.Folder);
        else Log.LogDeleted(Logger, partition);
        return true;
    }

    /// <summary>
    /// Stops the background work, flushes and closes all logs. With <paramref name="clean"/> the directories are marked as cleanly closed, so that
    /// the next start trusts them; <paramref name="brokerEpoch"/> goes into the mark.
    /// </summary>
    public async Task CloseAsync(bool clean, long brokerEpoch = -1)
    {
        await cleaner.StopAsync();
        await housekeeping.StopAsync();
        foreach (LogDirectory directory in directories) await directory.Commits.CloseAsync();
        foreach (LogMove move in Moves) move.Abandon();
        await StoreClosing.RunAsync(this, clean, brokerEpoch);
        logs.Clear();
    }

    internal void Add(PartitionLog log)
    {
        Invariant.That(logs.TryAdd(log.Partition, log));
        log.Directory.CountLog(log.Partition, 1);
    }

    internal void Ended(LogMove move) => moves.TryRemove(KeyValuePair.Create(move.Log.Partition, move));

    internal void Interrupted(TopicPartition partition, LogDirectory target) => interrupted[partition] = target;

    internal bool AnyLog(Func<PartitionLog, bool> rule) => logs.Values.Any(rule);

    internal IEnumerable<PartitionLog> LogsWhere(Func<PartitionLog, bool> rule) =>
        logs.Values.Where(rule).OrderBy(static log => log.Partition.Topic, StringComparer.Ordinal).ThenBy(static log => log.Partition.Partition);

    internal void WakeHousekeeping() => housekeeping.Wake();

    // As Kafka: the one with the fewest logs; a cordoned one only if all are.
    private LogDirectory Choose(Uuid? id)
    {
        LogDirectory? best = null;
        foreach (LogDirectory directory in directories)
        {
            if (directory.IsOffline || (id is { } wanted && directory.Id != wanted)) continue;
            if (best is null || (directory.IsCordoned, directory.LogCount).CompareTo((best.IsCordoned, best.LogCount)) < 0) best = directory;
        }

        return best ?? throw new IOException(id is null ? "no log directory is online" : $"log directory {id} is not online");
    }

    internal UInt128 Unique()
    {
        Span<byte> random = stackalloc byte[16];
        Scheduler.FillRandom(random);
        return BinaryPrimitives.ReadUInt128BigEndian(random);
    }

    private sealed class SilentListener : ILogListener
    {
        public void Appended(PartitionLog log)
        {
        }

        public void Flushed(PartitionLog log)
        {
        }

        public void Failed(LogDirectory directory, Exception cause)
        {
        }
    }
}
