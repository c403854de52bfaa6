namespace Moldau.Raft.Roles;

/// <summary>Asks the voters whether it would be elected, so that a replica that was cut off does not end a healthy epoch when it comes back (KIP-996).</summary>
internal sealed class ProspectiveRole(int epoch, int leaderId, ReplicaKey? voted, VoteTally tally, int retries, long electionDeadlineMs)
    : Role(RaftRole.Prospective, epoch)
{
    public override int LeaderId { get; } = leaderId;

    public override ReplicaKey? Voted { get; } = voted;

    public VoteTally Tally { get; } = tally;

    /// <summary>Elections lost in a row.</summary>
    public int Retries { get; } = retries;

    public override long DeadlineMs { get; } = electionDeadlineMs;

    public override bool Grants(ReplicaKey candidate, bool isUpToDate, bool preVote) =>
        preVote ? isUpToDate : GrantsOnce(candidate, isUpToDate);
}
