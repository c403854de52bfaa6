namespace Moldau.Raft.Roles;

/// <summary>Led this epoch and stopped. It tells the voters until they know or the next election is due.</summary>
internal sealed class ResignedRole(int epoch, ReplicaKey local, IReadOnlyList<ReplicaKey> preferredCandidates, VoterSet voters, long electionDeadlineMs)
    : Role(RaftRole.Resigned, epoch)
{
    private readonly SortedSet<int> unaware = [.. voters.Nodes.Where(voter => voter.Id != local.Id).Select(voter => voter.Id)];

    public override int LeaderId => local.Id;

    /// <summary>Who should stand first: the voters by their logs.</summary>
    public IReadOnlyList<ReplicaKey> PreferredCandidates { get; } = preferredCandidates;

    /// <summary>Who does not know yet.</summary>
    public IReadOnlySet<int> Unaware => unaware;

    public override long DeadlineMs { get; } = electionDeadlineMs;

    public void Acknowledged(int voterId) => unaware.Remove(voterId);

    public override bool Grants(ReplicaKey candidate, bool isUpToDate, bool preVote) => preVote && isUpToDate;
}
