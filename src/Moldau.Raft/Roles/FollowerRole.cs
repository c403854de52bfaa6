namespace Moldau.Raft.Roles;

/// <summary>Fetches from the epoch's leader, and doubts it when fetches stay unanswered.</summary>
internal sealed class FollowerRole(int epoch, VoterNode leader, ReplicaKey? voted, long fetchDeadlineMs) : Role(RaftRole.Follower, epoch)
{
    private long deadlineMs = fetchDeadlineMs;

    /// <summary>The leader and where it listens.</summary>
    public VoterNode Leader { get; } = leader;

    /// <summary>Whether a fetch was answered in this epoch: only then is the leader known to be alive.</summary>
    public bool HasFetched { get; private set; }

    /// <summary>The snapshot under way, and how many of its bytes are there.</summary>
    public (OffsetAndEpoch Id, long Position)? Snapshot { get; set; }

    /// <summary>The snapshot is whole and is being installed: nothing is fetched meanwhile.</summary>
    public bool IsInstalling { get; set; }

    public override int LeaderId => Leader.Id;

    public override ReplicaKey? Voted { get; } = voted;

    public override long DeadlineMs => deadlineMs;

    /// <summary>The leader answered.</summary>
    public void LeaderAnswered(long nextDeadlineMs)
    {
        HasFetched = true;
        deadlineMs = nextDeadlineMs;
    }

    /// <summary>The leader stops: stand for election at this moment.</summary>
    public void LeaderEnds(long electionMs) => deadlineMs = electionMs;

    // Before the first answer the leader may be gone already, and voters that wait for each other would keep the quorum without one (KIP-996).
    public override bool Grants(ReplicaKey candidate, bool isUpToDate, bool preVote) =>
        preVote ? isUpToDate && !HasFetched : GrantsOnce(candidate, isUpToDate);
}
