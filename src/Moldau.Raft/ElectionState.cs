using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>What a replica must remember of an epoch across restarts: whom it follows and whom it voted for (Kafka's <c>quorum-state</c>).</summary>
/// <param name="Epoch">The epoch; 0 before the first election.</param>
/// <param name="LeaderId">The epoch's leader; -1 unknown.</param>
/// <param name="Voted">Who got this replica's vote in the epoch; null: nobody.</param>
public readonly record struct ElectionState(int Epoch, int LeaderId, ReplicaKey? Voted)
{
    /// <summary>Before the first election.</summary>
    public static readonly ElectionState Initial = new(0, NoLeader, null);

    /// <summary>The leader id that means unknown.</summary>
    public const int NoLeader = -1;
}
