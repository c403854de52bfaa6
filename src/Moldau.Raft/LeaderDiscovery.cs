using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>Every message tells an epoch and its leader; this is where a replica learns from them.</summary>
internal sealed class LeaderDiscovery(Quorum quorum)
{
    /// <summary>Where the known leader listens.</summary>
    public IReadOnlyList<VoterEndpoint> LeaderEndpoints => quorum.Role switch
    {
        LeaderRole or ResignedRole => quorum.Options.LocalEndpoints,
        FollowerRole follower => follower.Leader.Endpoints,
        _ => [],
    };

    /// <summary>Whether a request names this replica as the voter it is meant for, or none.</summary>
    public bool IsMeantForLocal(ReplicaKey? voter) =>
        voter is not { } key || key.Id < 0
        || (key.Id == quorum.Local.Id && (!key.HasDirectory || key.DirectoryId == quorum.Local.DirectoryId));

    /// <summary>Takes over a newer epoch or a leader that was not known. False when the message names another leader of this very epoch.</summary>
    public bool TryFollow(int leaderId, int epoch, IReadOnlyList<VoterEndpoint> endpoints)
    {
        int known = quorum.Role.LeaderId;
        if (epoch < quorum.Epoch) return true;
        if (epoch == quorum.Epoch)
        {
            if (leaderId < 0 || (leaderId == known && quorum.Role is not UnattachedRole)) return true;
            if (known >= 0 && leaderId != known) return false;
            // This replica cannot be the leader of an epoch in which it does not know that it is.
            if (leaderId == quorum.Local.Id) return false;
        }

        if (leaderId >= 0 && leaderId != quorum.Local.Id && Locate(leaderId, endpoints) is { } leader) quorum.BecomeFollower(epoch, leader);
        else if (epoch > quorum.Epoch) quorum.BecomeUnattached(epoch, leaderId == quorum.Local.Id ? ElectionState.NoLeader : leaderId);
        return true;
    }

    /// <summary>
    /// What is the same for every answer. Null: the answer is of this epoch and its content counts; else whether the request is done with
    /// (false: pause before the next).
    /// </summary>
    public bool? Learn(RaftResponse response)
    {
        if (response.Epoch < quorum.Epoch || response.Error == ErrorCode.UnknownLeaderEpoch) return true;
        bool isNews = response.Epoch > quorum.Epoch || response.Error is ErrorCode.FencedLeaderEpoch or ErrorCode.NotLeaderOrFollower;
        if (isNews) return TryFollow(response.LeaderId, response.Epoch, response.LeaderEndpoints) && response.Error != ErrorCode.NotLeaderOrFollower;

        if (response.LeaderId >= 0 && quorum.Role.LeaderId < 0)
        {
            if (!TryFollow(response.LeaderId, response.Epoch, response.LeaderEndpoints)) return false;
            return response.Error == ErrorCode.None ? null : true;
        }

        return response.Error switch
        {
            ErrorCode.BrokerNotAvailable or ErrorCode.InvalidRequest => false,
            ErrorCode.InvalidVoterKey => true,
            _ => null,
        };
    }

    private VoterNode? Locate(int leaderId, IReadOnlyList<VoterEndpoint> endpoints)
    {
        VoterNode? voter = quorum.Voters.Current.Find(leaderId);
        if (endpoints.Count > 0) return new VoterNode(voter?.Key ?? new ReplicaKey(leaderId, Uuid.Zero), endpoints, 0, 0);
        return voter is { Endpoints.Count: > 0 } ? voter : null;
    }
}
