using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>Heartbeat (key 12, v0-4): a member of a classic group says that it lives, and learns whether it has to join again.</summary>
/// <remarks>
/// v3 static members (KIP-345). Errors: INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS,
/// NOT_COORDINATOR. While the group is being loaded every heartbeat is welcome: sessions begin when that is done.
/// </remarks>
internal sealed class HeartbeatHandler(GroupCoordinator coordinator)
    : ApiHandler<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 0, 4)
{
    protected internal override async ValueTask HandleAsync(RequestContext<HeartbeatRequest, HeartbeatResponse> context)
    {
        HeartbeatRequest request = context.Request;
        ErrorCode refusal = RequestChecks.GroupId(request.GroupId);
        HeartbeatResponse answer = refusal != ErrorCode.None
            ? Refused(refusal)
            : await coordinator.AskAsync(request.GroupId, (shard, now, token) => shard.Heartbeat(now, request, token), Refused);
        context.Response.ErrorCode = answer.ErrorCode;
    }

    private static HeartbeatResponse Refused(ErrorCode error) =>
        new() { ErrorCode = (short)(error == ErrorCode.CoordinatorLoadInProgress ? ErrorCode.None : error) };
}
