using Moldau.Broker.Network;
using Moldau.Broker.Quorum;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AddRaftVoter (key 80, v0-1): adds a voter to the metadata quorum (KIP-853).</summary>
/// <remarks>v1 answers before the change is committed when asked to (KIP-1186). Errors: DUPLICATE_VOTER, REQUEST_TIMED_OUT (the voter has not caught up), INVALID_REQUEST,
/// INCONSISTENT_CLUSTER_ID, UNSUPPORTED_VERSION (kraft.version), NOT_LEADER_OR_FOLLOWER.</remarks>
internal sealed class AddRaftVoterHandler(VoterChanges voters)
    : ApiHandler<AddRaftVoterRequest, AddRaftVoterResponse>(ApiKey.AddRaftVoter, 0, 1, Listeners.Both)
{
    protected internal override ValueTask HandleAsync(RequestContext<AddRaftVoterRequest, AddRaftVoterResponse> context)
    {
        ApiError error = voters.Add(context.Request);
        context.Response.ErrorCode = (short)error.Code;
        context.Response.ErrorMessage = error.Message;
        return ValueTask.CompletedTask;
    }
}
