using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>What a node knows of the metadata quorum.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="LeaderId">Its leader; -1 unknown.</param>
/// <param name="HighWatermark">Everything below is committed; -1 while nothing is known to be.</param>
/// <param name="Voters">The voter set in force.</param>
/// <param name="KRaftVersion">The kraft.version in force.</param>
public sealed record QuorumStatus(int Epoch, int LeaderId, long HighWatermark, VoterSet Voters, short KRaftVersion)
{
    internal static readonly QuorumStatus Unknown = new(0, -1, -1, VoterSet.Empty, 0);
}
