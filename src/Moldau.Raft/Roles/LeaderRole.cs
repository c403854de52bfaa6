using Moldau.Protocol;

namespace Moldau.Raft.Roles;

/// <summary>Leads the epoch: knows every replica's progress, and from the voters' the high watermark.</summary>
internal sealed class LeaderRole : Role
{
    private readonly ReplicaKey local;
    private readonly SortedDictionary<ReplicaKey, ReplicaProgress> replicas = [];
    private readonly SortedSet<int> heardFrom = [];

    public LeaderRole(int epoch, ReplicaKey local, long epochStartOffset, IReadOnlyList<int> grantingVoters) : base(RaftRole.Leader, epoch)
    {
        this.local = local;
        EpochStartOffset = epochStartOffset;
        GrantingVoters = grantingVoters;
    }

    public override int LeaderId => local.Id;

    /// <summary>Offset of the epoch's first record.</summary>
    public long EpochStartOffset { get; }

    public IReadOnlyList<int> GrantingVoters { get; }

    /// <summary>Highest offset known to be committed; -1 until a record of this epoch is (Raft, 5.4.2).</summary>
    public long HighWatermark { get; private set; } = -1;

    /// <summary>When the majority must have been heard from, or the leader steps down (check quorum).</summary>
    public long CheckQuorumMs { get; set; } = long.MaxValue;

    /// <summary>When voters that have not fetched are told of the leader again.</summary>
    public long BeginEpochMs { get; set; }

    public ParkedFetches Parked { get; } = new();

    public override long DeadlineMs => Math.Min(Math.Min(CheckQuorumMs, BeginEpochMs), Parked.DeadlineMs);

    public override bool Grants(ReplicaKey candidate, bool isUpToDate, bool preVote) => false;

    /// <summary>The progress of a replica, if it is known.</summary>
    public ReplicaProgress? Progress(ReplicaKey key) => replicas.GetValueOrDefault(key);

    /// <summary>All known replicas, by key.</summary>
    public IEnumerable<ReplicaProgress> Replicas => replicas.Values;

    /// <summary>The leader's own log is durable up to an offset. True when that moves the high watermark.</summary>
    public bool LocalFlushed(long offset, VoterSet voters)
    {
        Known(local, voters).Advance(offset);
        return MoveHighWatermark(voters);
    }

    /// <summary>A replica fetched. True when that moves the high watermark.</summary>
    public bool ReplicaFetched(ReplicaKey key, long fetchOffset, long leaderEnd, long nowMs, VoterSet voters)
    {
        Known(key, voters).Fetched(fetchOffset, leaderEnd, nowMs);
        return voters.Contains(key) && MoveHighWatermark(voters);
    }

    /// <summary>A voter is alive. True when the majority has been heard from since the last time it was true.</summary>
    public bool HeardFrom(ReplicaKey key, VoterSet voters)
    {
        if (!voters.Contains(key)) return false;
        heardFrom.Add(key.Id);
        int others = voters.Contains(local) ? voters.Majority - 1 : voters.Majority;
        if (heardFrom.Count < others) return false;
        heardFrom.Clear();
        return true;
    }

    /// <summary>The other voters, best log first.</summary>
    public IReadOnlyList<ReplicaKey> OtherVotersByLog(VoterSet voters) =>
    [
        .. voters.Nodes.Where(voter => !voter.Is(local))
            .OrderByDescending(voter => Progress(voter.Key)?.EndOffset ?? -1).ThenBy(voter => voter.Id).Select(voter => voter.Key),
    ];

    private ReplicaProgress Known(ReplicaKey key, VoterSet voters)
    {
        if (replicas.TryGetValue(key, out ReplicaProgress? known)) return known;
        if (replicas.Count >= Limits.Voters + Limits.Observers) ForgetLongestSilent(voters);
        return replicas[key] = new ReplicaProgress(key);
    }

    private void ForgetLongestSilent(VoterSet voters)
    {
        ReplicaKey? silent = replicas.Values.Where(replica => replica.Key != local && !voters.Contains(replica.Key))
            .MinBy(replica => replica.LastFetchMs)?.Key;
        if (silent is { } key) replicas.Remove(key);
    }

    private bool MoveHighWatermark(VoterSet voters)
    {
        if (voters.Count == 0) return false;
        long[] ends = [.. voters.Nodes.Select(EndOf)];
        Array.Sort(ends);
        long majorityHas = ends[ends.Length - voters.Majority];
        // An older epoch's record is committed only together with one of this epoch, and never taken back.
        if (majorityHas <= EpochStartOffset || majorityHas <= HighWatermark) return false;
        HighWatermark = majorityHas;
        return true;
    }

    // Before kraft.version 1 a voter's directory is not known, so its progress stands under whatever key it fetched with.
    private long EndOf(VoterNode voter)
    {
        if (Progress(voter.Key) is { } exact) return exact.EndOffset;
        if (voter.Key.HasDirectory) return -1;
        long end = -1;
        foreach (ReplicaProgress replica in replicas.Values)
            if (voter.Is(replica.Key)) end = Math.Max(end, replica.EndOffset);
        return end;
    }
}
