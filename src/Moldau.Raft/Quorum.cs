using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>A replica's role and the only transitions there are between roles; what the protocol's handlers share.</summary>
internal sealed class Quorum
{
    private readonly Func<int, int> random;
    private ElectionState persisted;
    private (int LeaderId, int Epoch) announced;

    public Quorum(RaftOptions options, ElectionState persisted, LogState log, VoterHistory voters, Func<int, int> random)
    {
        Options = options;
        Log = log;
        Voters = voters;
        Requests = new RequestTracker(options.RequestTimeoutMs, options.RetryBackoffMs);
        this.random = random;
        this.persisted = persisted;
        announced = (ElectionState.NoLeader, persisted.Epoch);
        Role = new UnattachedRole(persisted.Epoch, persisted.LeaderId, persisted.Voted, long.MaxValue);
    }

    public RaftOptions Options { get; }

    public LogState Log { get; }

    public VoterHistory Voters { get; }

    public RequestTracker Requests { get; }

    public List<RaftEffect> Effects { get; } = [];

    public Role Role { get; private set; }

    /// <summary>The time of the input that is being handled.</summary>
    public long NowMs { get; set; }

    /// <summary>Highest offset this replica knows to be committed; -1 none. Never goes back while the process lives.</summary>
    public long HighWatermark { get; private set; } = -1;

    /// <summary>The node stops: it stands for no election any more.</summary>
    public bool IsStopping { get; set; }

    public int Epoch => Role.Epoch;

    public ReplicaKey Local => Options.Local;

    public bool IsVoter => Voters.Current.Contains(Local);

    /// <summary>Takes up the role that <c>quorum-state</c> tells of.</summary>
    public void Resume()
    {
        if (Log.FlushedOffset < Log.EndOffset) Effects.Add(new FlushLog(Log.Generation));
        // A log that is ahead of the remembered epoch: the file was lost or is older. What the log proves counts.
        if (Log.LastEpoch > persisted.Epoch) Set(new UnattachedRole(Log.LastEpoch, ElectionState.NoLeader, null, RandomElectionDeadline()));
        // It led this epoch, so it must not vote in it, voter or not.
        else if (persisted.LeaderId == Local.Id) Set(new ResignedRole(persisted.Epoch, Local, [], VoterSet.Empty, RandomElectionDeadline()));
        else if (Voters.Current.Find(persisted.LeaderId) is { Endpoints.Count: > 0 } leader)
            Set(new FollowerRole(persisted.Epoch, leader, persisted.Voted, NowMs + Options.FetchTimeoutMs));
        else if (persisted.Voted == Local && IsVoter && !Voters.Current.IsOnly(Local))
            Set(new CandidateRole(persisted.Epoch, Local, new VoteTally(Voters.Current, Local), 1, RandomElectionDeadline()));
        else Set(new UnattachedRole(persisted.Epoch, persisted.LeaderId, persisted.Voted, RandomElectionDeadline()));
    }

    public void BecomeUnattached(int epoch, int leaderId = ElectionState.NoLeader)
    {
        Invariant.That(epoch > Epoch || (epoch == Epoch && Role is UnattachedRole or ProspectiveRole or FollowerRole));
        // The wait goes on where it stood, so that a stream of higher epochs cannot keep this replica from ever standing for election.
        long deadline = Role switch
        {
            UnattachedRole or FollowerRole => Role.DeadlineMs,
            ProspectiveRole or CandidateRole when epoch > Epoch => Role.DeadlineMs,
            _ => RandomElectionDeadline(),
        };
        Set(new UnattachedRole(epoch, leaderId, epoch == Epoch ? Role.Voted : null, deadline));
    }

    public void BecomeFollower(int epoch, VoterNode leader)
    {
        Invariant.That(leader.Id != Local.Id);
        Invariant.That(epoch > Epoch || (epoch == Epoch && Role is not (LeaderRole or ResignedRole)));
        Set(new FollowerRole(epoch, leader, epoch == Epoch ? Role.Voted : null, NowMs + Options.FetchTimeoutMs));
    }

    public void BecomeProspective()
    {
        Invariant.That(IsVoter && Role is not LeaderRole);
        int retries = Role switch
        {
            CandidateRole candidate => candidate.Retries,
            ProspectiveRole prospective => prospective.Retries,
            _ => 0,
        };
        int leaderId = Role is ResignedRole ? ElectionState.NoLeader : Role.LeaderId;
        var next = new ProspectiveRole(Epoch, leaderId, Role.Voted, new VoteTally(Voters.Current, Local), retries, RandomElectionDeadline());
        // Alone, there is nobody to ask, and the epoch of a resigned leader must not be remembered as led by nobody.
        if (next.Tally.IsGranted) BecomeCandidate(retries);
        else Set(next);
    }

    public void BecomeCandidate(int retries)
    {
        Invariant.That(IsVoter && Role is not LeaderRole);
        var next = new CandidateRole(Epoch + 1, Local, new VoteTally(Voters.Current, Local), retries + 1, RandomElectionDeadline());
        Set(next);
        if (next.Tally.IsGranted) BecomeLeader(next);
    }

    public void BecomeLeader(CandidateRole candidate)
    {
        Invariant.That(Role == candidate && candidate.Tally.IsGranted);
        VoterSet voters = Voters.Current;
        long baseOffset = Log.EndOffset;
        bool isAlone = voters.IsOnly(Local);
        Set(new LeaderRole(Epoch, Local, baseOffset, [.. candidate.Tally.Granting])
        {
            CheckQuorumMs = isAlone ? long.MaxValue : NowMs + CheckQuorumTimeoutMs,
            BeginEpochMs = isAlone ? long.MaxValue : NowMs,
        });
        new EpochStart(this).AppendControlRecords(voters, [.. candidate.Tally.Granting]);
    }

    public void Resign()
    {
        Invariant.That(Role is LeaderRole);
        IReadOnlyList<ReplicaKey> preferred = ((LeaderRole)Role).OtherVotersByLog(Voters.Current);
        Set(new ResignedRole(Epoch, Local, preferred, Voters.Current, RandomElectionDeadline()));
    }

    /// <summary>The vote of this epoch is given.</summary>
    public void GiveVote(ReplicaKey candidate)
    {
        if (Role.Voted is not null) return;
        switch (Role)
        {
            case UnattachedRole: Set(new UnattachedRole(Epoch, Role.LeaderId, candidate, RandomElectionDeadline())); break;
            case ProspectiveRole prospective:
                Set(new ProspectiveRole(Epoch, Role.LeaderId, candidate, prospective.Tally, prospective.Retries, RandomElectionDeadline()));
                break;
            default: throw new InvariantViolationException($"a {Role.Kind} gives no vote");
        }
    }

    /// <summary>Leader: how long without the majority before it steps down. Half as long again as followers wait, so that they move first.</summary>
    public int CheckQuorumTimeoutMs => Options.FetchTimeoutMs + Options.FetchTimeoutMs / 2;

    public void MoveHighWatermark(long offset)
    {
        if (offset <= HighWatermark) return;
        Invariant.That(offset <= Log.EndOffset);
        HighWatermark = offset;
        Effects.Add(new HighWatermarkMoved(offset));
    }

    public void Send(VoterNode to, RaftRequest request) => Effects.Add(new SendRequest(to, Requests.Sent(to.Id, NowMs), request));

    /// <summary>A pause after a lost election: at random, over a range that doubles with each loss.</summary>
    public long ElectionBackoffMs(int retries)
    {
        const int baseMs = 50;
        return Math.Min(Options.ElectionBackoffMaxMs, (long)baseMs * (1 + random(2 << Math.Min(10, retries))));
    }

    private long RandomElectionDeadline() => NowMs + Options.ElectionTimeoutMs + random(Options.ElectionTimeoutMs);

    private void Set(Role next)
    {
        Role previous = Role;
        Role = next;
        if (next.Election != persisted)
        {
            Invariant.That(next.Epoch >= persisted.Epoch);
            persisted = next.Election;
            Effects.Add(new PersistElection(persisted, Voters.KRaftVersion, Voters.Current));
        }

        Requests.Reset();
        if (previous is LeaderRole leader) RefuseParked(leader);
        if (previous.Kind != next.Kind || previous.Epoch != next.Epoch) Effects.Add(new RoleChanged(next.Kind, next.Epoch));
        Announce();
    }

    private void RefuseParked(LeaderRole leader)
    {
        foreach (ParkedFetch fetch in leader.Parked.TakeAll())
        {
            Effects.Add(new SendResponse(fetch.Token,
                new RaftFetchResponse(ErrorCode.NotLeaderOrFollower, Role.LeaderId, Epoch, -1, Log.StartOffset, FetchCheck.Valid, null)));
        }
    }

    // A resigned leader is announced as nobody: its epoch has no leader any more.
    private void Announce()
    {
        (int, int) current = (Role is ResignedRole ? ElectionState.NoLeader : Role.LeaderId, Epoch);
        if (current == announced) return;
        announced = current;
        Effects.Add(new LeaderChanged(current.Item1, current.Item2, Role is LeaderRole leader ? leader.EpochStartOffset : -1));
    }
}
