using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>SyncGroup (key 14, v0-5): members ask for their assignment, the leader brings everybody's; answered when that is committed.</summary>
/// <remarks>
/// v3 static members (KIP-345); v5 names the protocol (KIP-559). Errors: INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION,
/// INCONSISTENT_GROUP_PROTOCOL, REBALANCE_IN_PROGRESS, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.
/// </remarks>
internal sealed class SyncGroupHandler(GroupCoordinator coordinator)
    : ApiHandler<SyncGroupRequest, SyncGroupResponse>(ApiKey.SyncGroup, 0, 5)
{
    protected internal override async ValueTask HandleAsync(RequestContext<SyncGroupRequest, SyncGroupResponse> context)
    {
        SyncGroupRequest request = context.Request;
        ErrorCode refusal = RequestChecks.SyncGroup(request, context.Version);
        SyncGroupResponse answer = refusal != ErrorCode.None
            ? Refused(refusal)
            : await coordinator.AskAsync(request.GroupId, (shard, now, token) => shard.SyncGroup(now, request, token), Refused);

        SyncGroupResponse response = context.Response;
        response.ErrorCode = answer.ErrorCode;
        response.ProtocolType = answer.ProtocolType;
        response.ProtocolName = answer.ProtocolName;
        response.Assignment = answer.Assignment;
    }

    private static SyncGroupResponse Refused(ErrorCode error) => new() { ErrorCode = (short)error };
}
