namespace Moldau.Raft.Roles;

/// <summary>Follows nobody: it knows no leader, or not yet where one listens.</summary>
internal sealed class UnattachedRole(int epoch, int leaderId, ReplicaKey? voted, long electionDeadlineMs) : Role(RaftRole.Unattached, epoch)
{
    public override int LeaderId { get; } = leaderId;

    public override ReplicaKey? Voted { get; } = voted;

    public override long DeadlineMs { get; } = electionDeadlineMs;

    public override bool Grants(ReplicaKey candidate, bool isUpToDate, bool preVote) =>
        preVote ? isUpToDate : GrantsOnce(candidate, isUpToDate);
}
