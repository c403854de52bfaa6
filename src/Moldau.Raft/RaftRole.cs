namespace Moldau.Raft;

/// <summary>What a replica is in its epoch (KIP-595, KIP-996).</summary>
public enum RaftRole
{
    /// <summary>Knows an epoch, follows nobody; may have voted.</summary>
    Unattached,

    /// <summary>Fetches from the epoch's leader.</summary>
    Follower,

    /// <summary>Asks whether it would be elected, without a new epoch.</summary>
    Prospective,

    /// <summary>Stands for election in an epoch of its own.</summary>
    Candidate,

    /// <summary>Appends and commits.</summary>
    Leader,

    /// <summary>Was the leader of this epoch and no longer serves; cannot be anything else in it.</summary>
    Resigned,
}
