using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>LeaveGroup (key 13, v0-5): members leave a classic group, or an administrator puts them out.</summary>
/// <remarks>
/// Up to v2 one member, whose error is the response's; from v3 several, also by instance id (KIP-345); v5 a reason. Errors: INVALID_GROUP_ID,
/// UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.
/// </remarks>
internal sealed class LeaveGroupHandler(GroupCoordinator coordinator)
    : ApiHandler<LeaveGroupRequest, LeaveGroupResponse>(ApiKey.LeaveGroup, 0, 5)
{
    private const short SeveralMembersSince = 3;

    protected internal override async ValueTask HandleAsync(RequestContext<LeaveGroupRequest, LeaveGroupResponse> context)
    {
        LeaveGroupRequest request = context.Version < SeveralMembersSince ? Single(context.Request) : context.Request;
        ErrorCode refusal = RequestChecks.GroupId(request.GroupId);
        LeaveGroupResponse answer = refusal != ErrorCode.None
            ? Refused(refusal)
            : await coordinator.AskAsync(request.GroupId, (shard, now, token) => shard.LeaveGroup(now, request, token), Refused);

        LeaveGroupResponse response = context.Response;
        response.ErrorCode = answer.ErrorCode;
        if (context.Version >= SeveralMembersSince) response.Members.AddRange(answer.Members);
        else if (answer.ErrorCode == (short)ErrorCode.None && answer.Members.Count > 0) response.ErrorCode = answer.Members[0].ErrorCode;
    }

    private static LeaveGroupRequest Single(LeaveGroupRequest request) => new()
    {
        GroupId = request.GroupId,
        Members = [new LeaveGroupRequest.MemberIdentity { MemberId = request.MemberId }],
    };

    private static LeaveGroupResponse Refused(ErrorCode error) => new() { ErrorCode = (short)error };
}
