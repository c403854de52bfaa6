namespace Moldau.Raft.Roles;

/// <summary>Stands for election, with its own vote.</summary>
internal sealed class CandidateRole(int epoch, ReplicaKey local, VoteTally tally, int retries, long electionDeadlineMs) : Role(RaftRole.Candidate, epoch)
{
    private long deadlineMs = electionDeadlineMs;

    public override ReplicaKey? Voted { get; } = local;

    public VoteTally Tally { get; } = tally;

    /// <summary>Elections lost in a row.</summary>
    public int Retries { get; } = retries;

    /// <summary>The election is lost; a pause runs before the next.</summary>
    public bool IsBackingOff { get; private set; }

    public override long DeadlineMs => deadlineMs;

    public void BackOff(long untilMs)
    {
        IsBackingOff = true;
        deadlineMs = untilMs;
    }

    public override bool Grants(ReplicaKey candidate, bool isUpToDate, bool preVote) => preVote && isUpToDate;
}
