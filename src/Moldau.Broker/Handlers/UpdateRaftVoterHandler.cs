using Moldau.Broker.Network;
using Moldau.Broker.Quorum;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>UpdateRaftVoter (key 82, v0): a voter tells the leader its endpoints and versions (KIP-853).</summary>
/// <remarks>
/// Errors: VOTER_NOT_FOUND, INVALID_REQUEST, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, INCONSISTENT_CLUSTER_ID, NOT_LEADER_OR_FOLLOWER.
/// </remarks>
internal sealed class UpdateRaftVoterHandler(VoterChanges voters, RaftNode raft)
    : ApiHandler<UpdateRaftVoterRequest, UpdateRaftVoterResponse>(ApiKey.UpdateRaftVoter, 0, 0, Listeners.Controller)
{
    protected internal override ValueTask HandleAsync(RequestContext<UpdateRaftVoterRequest, UpdateRaftVoterResponse> context)
    {
        context.Response.ErrorCode = (short)voters.Update(context.Request);
        QuorumStatus quorum = raft.Status;
        if (quorum.Voters.Find(quorum.LeaderId) is { Endpoints: [var endpoint, ..] })
        {
            UpdateRaftVoterResponse.CurrentLeaderEntry leader = context.Response.CurrentLeader;
            (leader.LeaderId, leader.LeaderEpoch, leader.Host, leader.Port) = (quorum.LeaderId, quorum.Epoch, endpoint.Host, endpoint.Port);
        }

        return ValueTask.CompletedTask;
    }
}
