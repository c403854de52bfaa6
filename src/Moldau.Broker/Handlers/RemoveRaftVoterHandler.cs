using Moldau.Broker.Network;
using Moldau.Broker.Quorum;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>RemoveRaftVoter (key 81, v0): takes a voter out of the metadata quorum (KIP-853).</summary>
/// <remarks>Errors: VOTER_NOT_FOUND (also for the last voter), INVALID_REQUEST, INCONSISTENT_CLUSTER_ID, UNSUPPORTED_VERSION (kraft.version), NOT_LEADER_OR_FOLLOWER.</remarks>
internal sealed class RemoveRaftVoterHandler(VoterChanges voters)
    : ApiHandler<RemoveRaftVoterRequest, RemoveRaftVoterResponse>(ApiKey.RemoveRaftVoter, 0, 0, Listeners.Both)
{
    protected internal override ValueTask HandleAsync(RequestContext<RemoveRaftVoterRequest, RemoveRaftVoterResponse> context)
    {
        ApiError error = voters.Remove(context.Request);
        context.Response.ErrorCode = (short)error.Code;
        context.Response.ErrorMessage = error.Message;
        return ValueTask.CompletedTask;
    }
}
