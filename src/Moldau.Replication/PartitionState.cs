using Moldau.Protocol;

namespace Moldau.Replication;

/// <summary>
/// What a replica knows of its partition: leader, epochs, in-sync replicas, and from them the high watermark, below which records are committed and shown to
/// consumers. Pure: its shell calls it from one thread at a time.
/// </summary>
/// <remarks>
/// The high watermark is the smallest position among the in-sync replicas and never falls while this replica leads. The leader's own position is its log
/// end as long as others are in sync with it, for then replication is the durability, as in Kafka; alone, it counts only what it has flushed, unless
/// the node trusts the page cache.
/// </remarks>
public sealed class PartitionState
{
    private readonly BrokerId self;
    private readonly bool countsFlushedOnly;
    private readonly SortedDictionary<BrokerId, Offset> followerEnds = [];

    /// <summary>A replica that knows nothing yet of who leads.</summary>
    /// <param name="self">This node.</param>
    /// <param name="countsFlushedOnly">Whether a lone leader counts only what is flushed (<c>moldau.durability=fsync</c>).</param>
    public PartitionState(BrokerId self, bool countsFlushedOnly)
    {
        this.self = self;
        this.countsFlushedOnly = countsFlushedOnly;
    }

    /// <summary>Who leads; none when the partition is offline.</summary>
    public BrokerId Leader { get; private set; } = BrokerId.None;

    /// <summary>The leader's term.</summary>
    public LeaderEpoch LeaderEpoch { get; private set; } = LeaderEpoch.None;

    /// <summary>Rises with every change that the controller makes to the partition.</summary>
    public int PartitionEpoch { get; private set; } = -1;

    /// <summary>The replicas, in order of preference.</summary>
    public IReadOnlyList<BrokerId> Replicas { get; private set; } = [];

    /// <summary>The in-sync replicas.</summary>
    public IReadOnlyList<BrokerId> Isr { get; private set; } = [];

    /// <summary>Whether this node leads.</summary>
    public bool IsLeader => Leader == self;

    /// <summary>The log's end on this node.</summary>
    public Offset LogEnd { get; private set; }

    /// <summary>Below it this node's log is durable.</summary>
    public Offset Flushed { get; private set; }

    /// <summary>Below it records are committed.</summary>
    public Offset HighWatermark { get; private set; }

    /// <summary>Sets where the log stands when it has been opened; the high watermark is what the checkpoint says, within the log.</summary>
    public void LogOpened(Offset logStart, Offset logEnd, Offset flushed, Offset checkpointedHighWatermark)
    {
        Invariant.That(logStart <= logEnd && flushed <= logEnd);
        LogEnd = logEnd;
        Flushed = flushed;
        HighWatermark = Clamp(checkpointedHighWatermark, logStart, logEnd);
        Advance();
    }

    /// <summary>Takes over what the controller says of the partition. Returns whether the high watermark rose. Older partition epochs are ignored.</summary>
    public bool Apply(BrokerId leader, LeaderEpoch leaderEpoch, int partitionEpoch, IReadOnlyList<BrokerId> replicas, IReadOnlyList<BrokerId> isr)
    {
        if (partitionEpoch < PartitionEpoch) return false;
        Invariant.That(leaderEpoch >= LeaderEpoch);
        if (leaderEpoch != LeaderEpoch) followerEnds.Clear();
        (Leader, LeaderEpoch, PartitionEpoch, Replicas, Isr) = (leader, leaderEpoch, partitionEpoch, replicas, isr);
        return Advance();
    }

    /// <summary>The log has grown to <paramref name="end"/>. Returns whether the high watermark rose.</summary>
    public bool Appended(Offset end)
    {
        if (end > LogEnd) LogEnd = end;
        return Advance();
    }

    /// <summary>The log is durable below <paramref name="offset"/>. Returns whether the high watermark rose.</summary>
    public bool FlushedTo(Offset offset)
    {
        Invariant.That(offset <= LogEnd);
        if (offset > Flushed) Flushed = offset;
        return Advance();
    }

    /// <summary>Whether this node leads and the other one holds a replica.</summary>
    public bool IsFollower(BrokerId node) => IsLeader && node != self && Replicas.Contains(node);

    /// <summary>A follower has fetched from <paramref name="offset"/>, so it holds everything below. Returns whether the high watermark rose.</summary>
    public bool FollowerFetched(BrokerId follower, Offset offset)
    {
        Invariant.That(IsLeader && follower != self);
        if (!Replicas.Contains(follower)) return false;
        followerEnds[follower] = offset;
        return Advance();
    }

    /// <summary>The log was cut to <paramref name="end"/>, by a follower that diverged: the high watermark goes no further than the log.</summary>
    public void Truncated(Offset end)
    {
        Invariant.That(!IsLeader);
        LogEnd = end;
        if (Flushed > end) Flushed = end;
        if (HighWatermark > end) HighWatermark = end;
    }

    /// <summary>The leader's high watermark, as a follower hears it. Returns whether this replica's rose.</summary>
    public bool LeaderHighWatermark(Offset offset)
    {
        Invariant.That(!IsLeader);
        Offset seen = offset < LogEnd ? offset : LogEnd;
        if (seen <= HighWatermark) return false;
        HighWatermark = seen;
        return true;
    }

    /// <summary>
    /// Compares the leader epoch a client knows with this one: none given is fine, an older one is <see cref="ErrorCode.FencedLeaderEpoch"/>, a newer one
    /// <see cref="ErrorCode.UnknownLeaderEpoch"/> (KIP-320). After that, only the leader answers.
    /// </summary>
    public ErrorCode CheckLeader(int clientEpoch, bool leaderOnly = true)
    {
        if (clientEpoch != -1 && clientEpoch < LeaderEpoch) return ErrorCode.FencedLeaderEpoch;
        if (clientEpoch >= 0 && clientEpoch > LeaderEpoch) return ErrorCode.UnknownLeaderEpoch;
        return leaderOnly && !IsLeader ? ErrorCode.NotLeaderOrFollower : ErrorCode.None;
    }

    /// <summary>Whether as many replicas are in sync as <c>min.insync.replicas</c> asks of an <c>acks=all</c> write; never more than there are replicas.</summary>
    public bool HasEnoughInSync(int minInSyncReplicas) => Isr.Count >= Math.Min(minInSyncReplicas, Replicas.Count);

    private bool Advance()
    {
        if (!IsLeader) return false;
        Offset smallest = Isr.Count <= 1 && countsFlushedOnly ? Flushed : LogEnd;
        // By index: this runs with every append, and an enumerator of the interface would be memory.
        for (int i = 0; i < Isr.Count; i++)
        {
            BrokerId replica = Isr[i];
            if (replica == self) continue;
            Offset end = followerEnds.GetValueOrDefault(replica, Offset.Zero);
            if (end < smallest) smallest = end;
        }

        if (smallest <= HighWatermark) return false;
        HighWatermark = smallest;
        return true;
    }

    private static Offset Clamp(Offset value, Offset low, Offset high) => value < low ? low : value > high ? high : value;
}
