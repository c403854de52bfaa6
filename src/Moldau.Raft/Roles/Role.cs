namespace Moldau.Raft.Roles;

/// <summary>What a replica is and what belongs to that alone. A change of role is a new object: nothing of the old one can leak into the new epoch.</summary>
internal abstract class Role(RaftRole kind, int epoch)
{
    /// <summary>Which role.</summary>
    public RaftRole Kind { get; } = kind;

    /// <summary>The epoch.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The leader of the epoch; -1 unknown.</summary>
    public virtual int LeaderId => ElectionState.NoLeader;

    /// <summary>Who has this replica's vote in the epoch.</summary>
    public virtual ReplicaKey? Voted => null;

    /// <summary>When <see cref="RaftCore.Tick"/> has something to do for the role itself.</summary>
    public abstract long DeadlineMs { get; }

    /// <summary>What to remember of it.</summary>
    public ElectionState Election => new(Epoch, LeaderId, Voted);

    /// <summary>Whether to answer a vote request of this very epoch with yes.</summary>
    public abstract bool Grants(ReplicaKey candidate, bool isUpToDate, bool preVote);

    /// <summary>A vote is given once in an epoch, and not while a leader is known.</summary>
    protected bool GrantsOnce(ReplicaKey candidate, bool isUpToDate) => Voted switch
    {
        { } voted => voted.Id == candidate.Id && (!voted.HasDirectory || voted.DirectoryId == candidate.DirectoryId),
        null => LeaderId == ElectionState.NoLeader && isUpToDate,
    };
}
