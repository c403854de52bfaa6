using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>
/// One replica of the metadata log: KRaft (KIP-595, 630, 853, 996) as a state machine without IO, clock or randomness. Every input
/// carries the time; what is to be done comes out through <see cref="TakeEffects"/>, when to come back through <see cref="NextDeadlineMs"/>.
/// </summary>
/// <remarks>Not thread-safe: one event loop owns it. The effects of one input are carried out before the next input is given.</remarks>
public sealed class RaftCore
{
    private readonly Quorum quorum;
    private readonly VoteProtocol votes;
    private readonly EpochProtocol epochs;
    private readonly LeaderFetches leaderFetches;
    private readonly FollowerFetches followerFetches;
    private readonly SnapshotFetches snapshotFetches;
    private readonly Schedule schedule = new();

    /// <summary>A replica as recovery found it. Nothing happens before <see cref="Start"/>.</summary>
    /// <param name="options">Itself and its timeouts.</param>
    /// <param name="election">The content of <c>quorum-state</c>, or <see cref="ElectionState.Initial"/>.</param>
    /// <param name="log">Bounds, epochs and snapshots of its log; owned by the core from here on.</param>
    /// <param name="voters">Voter sets of its snapshot and log; owned by the core from here on.</param>
    /// <param name="random">A random number from 0 to the argument, exclusive.</param>
    public RaftCore(RaftOptions options, ElectionState election, LogState log, VoterHistory voters, Func<int, int> random)
    {
        quorum = new Quorum(options, election, log, voters, random);
        var discovery = new LeaderDiscovery(quorum);
        votes = new VoteProtocol(quorum, discovery);
        epochs = new EpochProtocol(quorum, discovery);
        leaderFetches = new LeaderFetches(quorum, discovery);
        followerFetches = new FollowerFetches(quorum, discovery);
        snapshotFetches = new SnapshotFetches(quorum, discovery);
    }

    /// <summary>The role.</summary>
    public RaftRole Role => quorum.Role.Kind;

    /// <summary>The epoch.</summary>
    public int Epoch => quorum.Epoch;

    /// <summary>The epoch's leader as far as known; -1 none.</summary>
    public int LeaderId => quorum.Role.LeaderId;

    /// <summary>Whether this replica leads.</summary>
    public bool IsLeader => quorum.Role is LeaderRole;

    /// <summary>Everything below is known to be committed; -1 while nothing is.</summary>
    public long HighWatermark => quorum.HighWatermark;

    /// <summary>The log's outline.</summary>
    public LogState Log => quorum.Log;

    /// <summary>The voters in force and their history.</summary>
    public VoterHistory Voters => quorum.Voters;

    /// <summary>When <see cref="Tick"/> is due; <see cref="long.MaxValue"/>: not before something comes in.</summary>
    public long NextDeadlineMs => schedule.NextMs;

    /// <summary>Whether a stopping replica has said all it has to say to the others.</summary>
    public bool IsStopped => quorum.IsStopping && quorum.Role is not LeaderRole && quorum.Role is not ResignedRole { Unaware.Count: > 0 };

    /// <summary>Takes up the remembered role; a quorum of one elects itself here.</summary>
    public void Start(long nowMs)
    {
        quorum.NowMs = nowMs;
        quorum.Resume();
        Poll();
    }

    /// <summary>Time has passed.</summary>
    public void Tick(long nowMs) => Step(nowMs);

    /// <summary>A request came in; the answer is an effect with the same token, at once or later.</summary>
    public void Receive(long nowMs, long token, RaftRequest request)
    {
        quorum.NowMs = nowMs;
        switch (request)
        {
            case RaftVoteRequest vote: Respond(token, votes.Handle(vote)); break;
            case RaftBeginEpochRequest begin: Respond(token, epochs.Handle(begin)); break;
            case RaftEndEpochRequest end: Respond(token, epochs.Handle(end)); break;
            case RaftFetchRequest fetch: leaderFetches.Handle(token, fetch); break;
            case RaftFetchSnapshotRequest fetch: leaderFetches.Handle(token, fetch); break;
            default: throw new InvariantViolationException($"{request.GetType().Name} is no request of this protocol");
        }

        Poll();
    }

    /// <summary>An answer came in.</summary>
    public void Answered(long nowMs, int nodeId, int correlationId, RaftResponse response)
    {
        quorum.NowMs = nowMs;
        if (quorum.Requests.IsExpected(nodeId, correlationId))
        {
            bool succeeded = response switch
            {
                RaftVoteResponse vote => votes.HandleAnswer(nodeId, vote),
                RaftBeginEpochResponse begin => epochs.HandleAnswer(nodeId, begin),
                RaftEndEpochResponse end => epochs.HandleAnswer(nodeId, end),
                RaftFetchResponse fetch => followerFetches.HandleAnswer(fetch),
                RaftFetchSnapshotResponse fetch => snapshotFetches.HandleAnswer(fetch),
                _ => false,
            };
            quorum.Requests.Done(nodeId, correlationId, succeeded, nowMs);
        }

        Poll();
    }

    /// <summary>A request will not be answered: the connection failed.</summary>
    public void Unanswered(long nowMs, int nodeId, int correlationId)
    {
        quorum.NowMs = nowMs;
        quorum.Requests.Done(nodeId, correlationId, succeeded: false, nowMs);
        Poll();
    }

    /// <summary>Leader: takes one batch of records. The shell writes it at the returned offset before it carries out the effects.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="recordCount">Records in the batch.</param>
    /// <returns>The batch's base offset.</returns>
    public long Append(long nowMs, int recordCount)
    {
        Invariant.That(IsLeader && recordCount > 0);
        quorum.NowMs = nowMs;
        long baseOffset = quorum.Log.EndOffset;
        quorum.Log.Append(baseOffset, baseOffset + recordCount - 1, quorum.Epoch);
        quorum.Effects.Add(new FlushLog(quorum.Log.Generation));
        leaderFetches.Appended();
        Poll();
        return baseOffset;
    }

    /// <summary>The log is durable up to <paramref name="offset"/>, as of the generation that <see cref="FlushLog"/> named.</summary>
    public void Flushed(long nowMs, long offset, int generation)
    {
        quorum.NowMs = nowMs;
        if (generation == quorum.Log.Generation)
        {
            quorum.Log.Flushed(offset);
            leaderFetches.Flushed(quorum.Log.FlushedOffset);
        }

        Poll();
    }

    /// <summary>A snapshot of this replica's own state machine is on disk.</summary>
    public void SnapshotCreated(OffsetAndEpoch id) => quorum.Log.AddSnapshot(id);

    /// <summary>The log was deleted below the end of a snapshot, and older snapshots with it.</summary>
    public void LogStartRaised(long startOffset)
    {
        quorum.Log.RaiseStart(startOffset);
        quorum.Voters.TruncateBefore(startOffset);
    }

    /// <summary>Follower: the leader's snapshot is durable and the log is empty behind it.</summary>
    public void SnapshotInstalled(long nowMs, OffsetAndEpoch id, VoterSet? voters, short kraftVersion)
    {
        quorum.NowMs = nowMs;
        snapshotFetches.Installed(id, voters, kraftVersion);
        Poll();
    }

    /// <summary>The node stops: a leader resigns and says so; no election is begun any more.</summary>
    public void Stop(long nowMs)
    {
        quorum.NowMs = nowMs;
        quorum.IsStopping = true;
        if (quorum.Role is LeaderRole) quorum.Resign();
        Poll();
    }

    /// <summary>What is to be done, in order; each effect is handed out once.</summary>
    public IReadOnlyList<RaftEffect> TakeEffects()
    {
        RaftEffect[] effects = [.. quorum.Effects];
        quorum.Effects.Clear();
        return effects;
    }

    /// <summary>What the leader knows of every replica (DescribeQuorum); empty on others.</summary>
    public IReadOnlyList<ReplicaStatus> DescribeReplicas(long nowMs) => quorum.Role is LeaderRole leader
        ? QuorumDescription.Of(leader, quorum, nowMs)
        : [];

    private void Step(long nowMs)
    {
        quorum.NowMs = nowMs;
        Poll();
    }

    private void Respond(long token, RaftResponse response) => quorum.Effects.Add(new SendResponse(token, response));

    // A pass may change the role; the new role's duties are due at once. Each change leads nearer to waiting, so few passes settle it.
    private void Poll()
    {
        for (int pass = 0; ; pass++)
        {
            Invariant.That(pass < 10);
            Role before = quorum.Role;
            schedule.Clear();
            if (quorum.Voters.Current.IsOnly(quorum.Local) && !quorum.IsStopping && quorum.Role is not LeaderRole) quorum.BecomeProspective();
            votes.Poll(schedule);
            epochs.Poll(schedule);
            leaderFetches.Poll(schedule);
            followerFetches.Poll(schedule);
            if (!ReferenceEquals(before, quorum.Role)) continue;
            bool waitsForElection = quorum.Role is not LeaderRole && !quorum.IsStopping && (quorum.IsVoter || quorum.Role is FollowerRole or ResignedRole);
            if (waitsForElection) schedule.NoLaterThan(quorum.Role.DeadlineMs);
            return;
        }
    }
}
