using System.Runtime.CompilerServices;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Replication;
using Moldau.Storage;

namespace Moldau.Broker.Partitions;

/// <summary>
/// A partition of which this node holds a replica: its log, its replication state, and who waits for it. Thread-safe: the state is guarded by a lock that is
/// held for moments; the log has its own.
/// </summary>
internal sealed class HostedPartition
{
    /// <summary>In place of an offset: delete all that is committed.</summary>
    public const long DeleteToHighWatermark = -1;

    private readonly Lock gate = new();
    private readonly PartitionState state;
    private long highWatermark;
    private volatile bool isGone;

    public HostedPartition(TopicPartition name, Uuid topicId, PartitionLog log, BrokerId self, bool countsFlushedOnly)
    {
        Name = name;
        TopicId = topicId;
        Log = log;
        state = new PartitionState(self, countsFlushedOnly);
        lock (gate)
        {
            state.LogOpened(log.LogStartOffset, log.LogEndOffset, log.FlushedOffset, log.HighWatermark);
            PublishHighWatermark();
        }
    }

    /// <summary>Topic and number.</summary>
    public TopicPartition Name { get; }

    /// <summary>The topic's id.</summary>
    public Uuid TopicId { get; }

    /// <summary>The log.</summary>
    public PartitionLog Log { get; }

    /// <summary><c>min.insync.replicas</c> of the topic.</summary>
    public int MinInSyncReplicas { get; set; } = 1;

    /// <summary>Requests that wait for the high watermark, or for the leader to change.</summary>
    public Watchers Watchers { get; } = new();

    /// <summary>Whether this node no longer holds the partition: nothing will move here any more.</summary>
    public bool IsGone => isGone;

    /// <summary>Below it records are committed.</summary>
    public long HighWatermark => Volatile.Read(ref highWatermark);

    /// <summary>Up to here a consumer that reads committed transactions only may read.</summary>
    public long LastStableOffset => Math.Min(HighWatermark, Log.LastStableOffset);

    /// <summary>Who leads, and in which epoch.</summary>
    public (BrokerId Leader, LeaderEpoch Epoch) Leadership
    {
        get
        {
            lock (gate) return (state.Leader, state.LeaderEpoch);
        }
    }

    /// <summary>See <see cref="PartitionState.CheckLeader"/>.</summary>
    public ErrorCode CheckLeader(int clientEpoch, bool leaderOnly = true)
    {
        lock (gate) return state.CheckLeader(clientEpoch, leaderOnly);
    }

    /// <summary>
    /// A follower fetches from an offset, and so holds everything below. False when that node has no replica here, or is this one: then it has nothing to fetch as a follower.
    /// </summary>
    public bool TryFollow(int follower, long offset)
    {
        bool rose;
        lock (gate)
        {
            var replica = new BrokerId(follower);
            if (!state.IsFollower(replica)) return false;
            rose = state.FollowerFetched(replica, (Offset)offset) && PublishHighWatermark();
        }

        if (rose) Watchers.Wake();
        return true;
    }

    /// <summary>See <see cref="PartitionState.HasEnoughInSync"/>.</summary>
    public bool HasEnoughInSync(int minInSyncReplicas)
    {
        lock (gate) return state.HasEnoughInSync(minInSyncReplicas);
    }

    /// <summary>
    /// Appends a client's or coordinator's batches as the leader. <see cref="ErrorCode.NotLeaderOrFollower"/> when this node does not lead. The log tells its
    /// listener of the append, and that moves the high watermark.
    /// </summary>
    public AppendResult Append(Memory<byte> records, Moldau.Protocol.Batches.AppendOrigin origin, short produceVersion)
    {
        LeaderEpoch epoch;
        lock (gate)
        {
            if (!state.IsLeader)
            {
                return new AppendResult
                {
                    Error = ErrorCode.NotLeaderOrFollower,
                    BaseOffset = Offset.None,
                    LastOffset = Offset.None,
                    LogAppendTimeMs = -1,
                    LogStartOffset = Offset.None,
                    RecordErrors = [],
                };
            }

            epoch = state.LeaderEpoch;
        }

        return Log.AppendAsLeader(records, new AppendContext(epoch, origin, produceVersion));
    }

    /// <summary>
    /// Waits until everything below an offset is committed. NONE, REQUEST_TIMED_OUT at the deadline, NOT_LEADER_OR_FOLLOWER when another leads meanwhile,
    /// KAFKA_STORAGE_ERROR when the log's directory failed.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ErrorCode> WaitForCommitAsync(long offset, Purgatory purgatory, long deadline, CancellationToken cancellation)
    {
        LeaderEpoch epoch = Leadership.Epoch;
        while (HighWatermark < offset)
        {
            var waiter = new Waiter();
            Watchers.Add(waiter);
            // Whatever happened before the waiter was added woke nobody: look once more.
            if (HighWatermark >= offset) break;
            if (Log.Directory.IsOffline) return ErrorCode.KafkaStorageError;
            if (isGone || CheckLeader(epoch) is not ErrorCode.None) return ErrorCode.NotLeaderOrFollower;
            if (!await purgatory.WaitAsync(waiter, deadline, cancellation) && HighWatermark < offset) return ErrorCode.RequestTimedOut;
        }

        return ErrorCode.None;
    }

    /// <summary>
    /// Raises the log's first offset as the leader, up to the high watermark; <see cref="DeleteToHighWatermark"/> stands for that. Made durable by
    /// <see cref="PartitionLog.PersistLogStart"/>.
    /// </summary>
    public ErrorCode DeleteRecords(long before)
    {
        if (CheckLeader(-1) is not ErrorCode.None and var error) return error;
        if (!Log.Config.Delete) return ErrorCode.PolicyViolation;
        if (before == DeleteToHighWatermark) before = HighWatermark;
        return before < 0 ? ErrorCode.OffsetOutOfRange : Log.DeleteRecords((Offset)before);
    }

    /// <summary>Takes over what the controller says, and wakes who waits: the leader may be another.</summary>
    public void Apply(PartitionRegistration registration)
    {
        lock (gate)
        {
            bool isNewEpoch = registration.LeaderEpoch != state.LeaderEpoch;
            state.Apply(
                new BrokerId(registration.Leader),
                new LeaderEpoch(registration.LeaderEpoch),
                registration.PartitionEpoch,
                [.. registration.Replicas.Select(id => new BrokerId(id))],
                [.. registration.Isr.Select(id => new BrokerId(id))]);
            if (isNewEpoch && state.IsLeader) Log.AssignEpoch(state.LeaderEpoch);
            PublishHighWatermark();
        }

        Watchers.Wake();
    }

    /// <summary>The log has grown.</summary>
    public void Appended()
    {
        bool rose;
        lock (gate) rose = state.Appended(Log.LogEndOffset) && PublishHighWatermark();
        if (rose) Watchers.Wake();
    }

    /// <summary>More of the log is durable.</summary>
    public void Flushed()
    {
        bool rose;
        lock (gate)
        {
            // The flush may cover an append whose own notice has yet to come.
            rose = state.Appended(Log.LogEndOffset);
            rose = (state.FlushedTo(Log.FlushedOffset) | rose) && PublishHighWatermark();
        }

        if (rose) Watchers.Wake();
    }

    /// <summary>The partition has gone from this node: wakes who waits.</summary>
    public void Retire()
    {
        isGone = true;
        Watchers.Wake();
    }

    /// <summary>Wakes who waits: the log has failed.</summary>
    public void WakeAll() => Watchers.Wake();

    private bool PublishHighWatermark()
    {
        // The log first, which may have to wait for its lock: who is told here that records are committed may ask the log to delete them at once.
        Log.SetHighWatermark(state.HighWatermark);
        Volatile.Write(ref highWatermark, state.HighWatermark);
        return true;
    }
}
