using Microsoft.Extensions.Logging;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Raft;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Broker.Quorum;

/// <summary>
/// This node's replica of the metadata log: the raft core on a real log, disk and clock. One event loop owns the core; appends wait in
/// an accumulator, flushes run beside it, listeners are fed from the log. The metadata log is always flushed before anything is
/// committed, whatever the node's durability is set to.
/// </summary>
/// <remarks>
/// Thread-safe. Life: <see cref="StartAsync"/> (a quorum of one leads when it returns), <see cref="Register"/> before or after it,
/// <see cref="StopAsync"/>; the log store is closed by its owner afterwards. A failure of the disk ends the loop and faults
/// <see cref="Completion"/>: the node has to stop.
/// </remarks>
public sealed class RaftNode
{
    /// <summary>The partition of the metadata log.</summary>
    public static readonly TopicPartition Partition = new("__cluster_metadata", 0);

    private readonly RaftNodeOptions options;
    private readonly IFileSystem files;
    private readonly IScheduler scheduler;
    private readonly ILogger logger;
    private readonly BatchAccumulator accumulator;
    private readonly Inbox inbox;
    private readonly List<ListenerFeed> feeds = [];
    private readonly List<Task> feedLoops = [];
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RaftCore core = null!;
    private MetadataLog log = null!;
    private SnapshotStore snapshots = null!;
    private EffectRunner effects = null!;
    private QuorumStatus status = QuorumStatus.Unknown;
    private LeaderChanged? lastChange;
    private bool isRunning, isStopping, isFlushed;

    /// <summary>A node that does nothing yet.</summary>
    public RaftNode(RaftNodeOptions options, IFileSystem files, IScheduler scheduler, ILogger logger)
    {
        (this.options, this.files, this.scheduler, this.logger) = (options, files, scheduler, logger);
        accumulator = new BatchAccumulator(() => NowMs);
        inbox = new Inbox(scheduler);
    }

    /// <summary>What is known of the quorum, as of the last event. Swapped as a whole.</summary>
    public QuorumStatus Status => Volatile.Read(ref status);

    /// <summary>Ends with the loop; faults with <see cref="MetadataLogFailedException"/> when the disk fails.</summary>
    public Task Completion => completion.Task;

    /// <summary>The records that a new cluster begins with, as formatting wrote them; empty when their checkpoint is gone.</summary>
    public IReadOnlyList<MetadataRecord> Bootstrap { get; private set; } = [];

    /// <summary>One past the last record of the log.</summary>
    public long LogEndOffset => log.EndOffset;

    private long NowMs => scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Recovers the replica from its log (made if absent) and starts the loop.</summary>
    /// <param name="store">The node's logs; its listener must pass flushes of <see cref="Partition"/> and failures of directories on to <see cref="LogFlushed"/>.</param>
    /// <param name="cancellation">Gives up before the loop starts.</param>
    /// <exception cref="MetadataLogCorruptException">The files do not fit together.</exception>
    /// <exception cref="UnsupportedQuorumException">The voter set is not this node alone.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public async Task StartAsync(LogStore store, CancellationToken cancellation)
    {
        await scheduler.RunBlocking(() => Recover(store));
        cancellation.ThrowIfCancellationRequested();
        core.Start(NowMs);
        await AfterStepAsync();
        foreach (ListenerFeed feed in feeds) StartFeed(feed);
        isRunning = true;
        _ = scheduler.Start("raft", RunAsync);
    }

    /// <summary>Adds a listener; it is fed from the snapshot or the log's start on.</summary>
    public void Register(IRaftListener listener)
    {
        if (core is null) feeds.Add(NewFeed(listener));
        else
        {
            inbox.Post(() =>
            {
                ListenerFeed feed = NewFeed(listener);
                feeds.Add(feed);
                StartFeed(feed);
            });
        }
    }

    /// <summary>Appends records in one batch, as the leader of an epoch. Returns at once with the last record's offset; they are committed when the listeners see them.</summary>
    /// <exception cref="NotLeaderException">This node does not lead in that epoch.</exception>
    /// <exception cref="MetadataBatchTooLargeException">They do not fit into one batch.</exception>
    /// <exception cref="QuorumBusyException">Too much waits already.</exception>
    public long Append(int epoch, IReadOnlyList<MetadataRecord> records) => Append(epoch, records, isAtomic: true);

    /// <summary>As <see cref="Append(int, IReadOnlyList{MetadataRecord})"/>, in as many batches as it takes; a failover may commit only the first of them.</summary>
    public long AppendInParts(int epoch, IReadOnlyList<MetadataRecord> records) => Append(epoch, records, isAtomic: false);

    /// <summary>Called by the log store's listener: more of the metadata log is durable, or a log directory went offline. Any thread.</summary>
    public void LogFlushed()
    {
        Volatile.Write(ref isFlushed, true);
        inbox.Signal();
    }

    /// <summary>Writes a snapshot of the state as of an offset that is committed and replayed, then deletes what retention no longer keeps.</summary>
    /// <param name="id">One past the last record in it, and that record's epoch.</param>
    /// <param name="lastContainedLogTimestampMs">That record's timestamp.</param>
    /// <param name="records">The state; enumerated once, on a thread that may block.</param>
    /// <exception cref="SnapshotRefusedException">The offset is not committed, is below the log, or has a snapshot.</exception>
    /// <exception cref="IOException">The disk failed; nothing of the snapshot counts.</exception>
    public async Task CreateSnapshotAsync(OffsetAndEpoch id, long lastContainedLogTimestampMs, IEnumerable<MetadataRecord> records)
    {
        (VoterSet? voters, short kraftVersion) = await OnLoopAsync(() => Plan(id));
        long bytes = 0;
        await scheduler.RunBlocking(() => bytes = WriteSnapshot());
        await OnLoopAsync(() => Created(new SnapshotInfo(id, bytes, lastContainedLogTimestampMs)));
        logger.SnapshotWritten(id.Offset, id.Epoch, bytes);

        long WriteSnapshot()
        {
            using var writer = new SnapshotWriter(files, snapshots.Folder, id, lastContainedLogTimestampMs, kraftVersion, voters, NowMs);
            foreach (MetadataRecord record in records) writer.Append(record);
            return writer.Complete();
        }
    }

    /// <summary>The quorum, and what the leader knows of every replica: none when this node does not lead.</summary>
    public Task<(QuorumStatus Quorum, IReadOnlyList<ReplicaStatus> Replicas)> DescribeAsync() => OnLoopAsync(() => (Describe(), core.DescribeReplicas(NowMs)));

    /// <summary>Resigns if it leads, and ends the loop and the feeds. Appends that were taken before are written.</summary>
    public async Task StopAsync()
    {
        // A start that failed has no loop that would end.
        if (!isRunning) return;
        Volatile.Write(ref isStopping, true);
        inbox.Signal();
        try
        {
            await completion.Task;
        }
        catch (MetadataLogFailedException)
        {
            // Told through Completion; stopping is what its owner does about it.
        }

        foreach (Task loop in feedLoops) await loop;
    }

    private void Recover(LogStore store)
    {
        PartitionLog partition = store.Find(Partition) ?? store.Create(Partition, Uuid.ClusterMetadata, LogConfig.Metadata, options.DirectoryId);
        // Formatting makes the folder, with a snapshot alone in it.
        if (partition.TopicId == Uuid.Zero) partition.AssignTopicId(Uuid.ClusterMetadata);
        partition.Config = LogConfig.Metadata with { SegmentBytes = options.SegmentBytes, SegmentMs = options.SegmentMs };
        partition.FlushOnAppend = false;
        log = new MetadataLog(partition);
        snapshots = new SnapshotStore(files, options.Folder);
        var recovery = new RaftRecovery(log, snapshots, options.ConfiguredVoters);
        RequireQuorumOfOne(recovery.Voters.Current);
        Bootstrap = recovery.Bootstrap;
        var election = new QuorumStateFile(files, options.Folder);
        core = new RaftCore(options.Core, election.Read(), recovery.Log, recovery.Voters, Random);
        effects = new EffectRunner(core, log, election, accumulator, scheduler);
    }

    private void RequireQuorumOfOne(VoterSet voters)
    {
        if (voters.IsOnly(options.Core.Local)) return;
        throw new UnsupportedQuorumException(voters.Count == 0
            ? "the metadata log names no voters: format the directory with an initial voter, or set controller.quorum.voters"
            : $"the voters of the metadata quorum are {voters}; this version serves a quorum of {options.Core.Local} alone");
    }

    // The one place where a failure of the metadata log is caught: the loop ends and the owner stops the node.
    private async Task RunAsync()
    {
        try
        {
            while (!core.IsStopped)
            {
                await inbox.WaitAsync(core.NextDeadlineMs, NowMs);
                await StepAsync();
            }

            completion.TrySetResult();
        }
        catch (IOException failure)
        {
            accumulator.Close(core.Epoch);
            logger.MetadataLogFailed(failure);
            completion.TrySetException(failure as MetadataLogFailedException ?? new MetadataLogFailedException(failure));
        }
        finally
        {
            foreach (ListenerFeed feed in feeds) feed.Stop();
            completion.TrySetException(new InvariantViolationException("the raft loop broke"));
        }
    }

    private async Task StepAsync()
    {
        log.ThrowIfFailed();
        await WriteAppendsAsync();
        if (Interlocked.Exchange(ref isFlushed, false)) core.Flushed(NowMs, log.FlushedOffset, core.Log.Generation);
        if (options.CommitsBeforeSync) core.Flushed(NowMs, log.EndOffset, core.Log.Generation);
        while (inbox.TakeCommand() is { } command) command();
        if (Volatile.Read(ref isStopping)) core.Stop(NowMs);
        else if (core.NextDeadlineMs <= NowMs) core.Tick(NowMs);
        await AfterStepAsync();
    }

    private async Task WriteAppendsAsync()
    {
        List<EncodedBatch> batches = accumulator.Drain();
        if (batches.Count == 0) return;
        foreach (EncodedBatch batch in batches)
        {
            Invariant.That(core.Append(NowMs, batch.Count) == batch.BaseOffset);
        }

        log.Append(batches.Count == 1 ? batches[0].Bytes : Concat(batches));
        await effects.RunAsync();
    }

    private async Task AfterStepAsync()
    {
        await effects.RunAsync();
        LeaderChanged? change = effects.Change;
        effects.Change = null;
        if (change is not null)
        {
            lastChange = change;
            logger.LeaderChanged(change.LeaderId, change.Epoch);
        }

        Publish();
        foreach (ListenerFeed feed in feeds) feed.Advance(core.HighWatermark, snapshots.Latest?.Id, change);
    }

    private void Publish()
    {
        QuorumStatus next = Describe();
        if (next != status) Volatile.Write(ref status, next);
    }

    private QuorumStatus Describe()
    {
        int leader = core.Role == RaftRole.Resigned ? ElectionState.NoLeader : core.LeaderId;
        return new QuorumStatus(core.Epoch, leader, core.HighWatermark, core.Voters.Current, core.Voters.KRaftVersion);
    }

    private (VoterSet?, short) Plan(OffsetAndEpoch id)
    {
        if (id.Offset > core.HighWatermark) throw new SnapshotRefusedException(id, $"only what is below {core.HighWatermark} is committed");
        if (id.Offset <= core.Log.StartOffset) throw new SnapshotRefusedException(id, $"the log begins at {core.Log.StartOffset}");
        if (core.Log.Epochs.EpochOf(id.Offset - 1) != id.Epoch) throw new SnapshotRefusedException(id, "the record before it is of another epoch");
        if (snapshots.Contains(id)) throw new SnapshotRefusedException(id, "it exists");
        return core.Voters.At(id.Offset);
    }

    private bool Created(SnapshotInfo snapshot)
    {
        snapshots.Add(snapshot);
        core.SnapshotCreated(snapshot.Id);
        if (options.Retention.KeepFrom(snapshots.All, log.SizeInBytes, NowMs) is not { } first) return true;
        log.DeleteBefore(first.Id.Offset);
        core.LogStartRaised(first.Id.Offset);
        snapshots.DeleteBefore(first.Id.Offset);
        return true;
    }

    private long Append(int epoch, IReadOnlyList<MetadataRecord> records, bool isAtomic)
    {
        long last = accumulator.Append(epoch, records, isAtomic);
        inbox.Signal();
        return last;
    }

    private Task<T> OnLoopAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Post(() =>
        {
            try
            {
                done.TrySetResult(work());
            }
            catch (SnapshotRefusedException refused)
            {
                done.TrySetException(refused);
            }
        });
        return done.Task;
    }

    private ListenerFeed NewFeed(IRaftListener listener) => new(listener, scheduler);

    private void StartFeed(ListenerFeed feed)
    {
        feed.Advance(core.HighWatermark, snapshots.Latest?.Id, lastChange);
        feedLoops.Add(scheduler.Start("raft-listener", () => FeedAsync(feed)));
    }

    // A feed that cannot read the log ends; the loop learns of the disk's failure by itself, or never needs it again.
    private async Task FeedAsync(ListenerFeed feed)
    {
        try
        {
            await feed.RunAsync(log, snapshots);
        }
        catch (IOException failure)
        {
            logger.MetadataLogFailed(failure);
            completion.TrySetException(failure as MetadataLogFailedException ?? new MetadataLogFailedException(failure));
        }
    }

    private int Random(int bound)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        scheduler.FillRandom(bytes);
        return (int)(BitConverter.ToUInt32(bytes) % (uint)bound);
    }

    private static byte[] Concat(List<EncodedBatch> batches)
    {
        byte[] all = new byte[batches.Sum(batch => batch.Bytes.Length)];
        int position = 0;
        foreach (EncodedBatch batch in batches)
        {
            batch.Bytes.CopyTo(all, position);
            position += batch.Bytes.Length;
        }

        return all;
    }
}
