using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>JoinGroup (key 11, v0-9): a member asks to be part of a group's next generation, and is answered when that begins.</summary>
/// <remarks>
/// v1 rebalance timeout; v4 new members come back with the id they are given (KIP-394); v5 static members (KIP-345); v7 protocol type (KIP-559); v8 a
/// reason; v9 a returning static leader skips the assignment (KIP-814). Errors: INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT, UNKNOWN_MEMBER_ID,
/// MEMBER_ID_REQUIRED, FENCED_INSTANCE_ID, INCONSISTENT_GROUP_PROTOCOL, GROUP_MAX_SIZE_REACHED, REBALANCE_IN_PROGRESS, and those of a coordinator
/// that is elsewhere (NOT_COORDINATOR), loading (COORDINATOR_LOAD_IN_PROGRESS) or unable to write (COORDINATOR_NOT_AVAILABLE).
/// </remarks>
internal sealed class JoinGroupHandler(GroupCoordinator coordinator)
    : ApiHandler<JoinGroupRequest, JoinGroupResponse>(ApiKey.JoinGroup, 0, 9)
{
    private const short NullProtocolNameSince = 7;

    protected internal override async ValueTask HandleAsync(RequestContext<JoinGroupRequest, JoinGroupResponse> context)
    {
        JoinGroupRequest request = context.Request;
        string memberId = request.MemberId;
        ErrorCode refusal = RequestChecks.JoinGroup(request, coordinator.Options.Groups);
        JoinGroupResponse answer = refusal != ErrorCode.None ? Refused(memberId, refusal) : await AskAsync(context, request, memberId);

        JoinGroupResponse response = context.Response;
        response.ErrorCode = answer.ErrorCode;
        response.GenerationId = answer.GenerationId;
        response.ProtocolType = answer.ProtocolType;
        response.ProtocolName = answer.ProtocolName ?? (context.Version < NullProtocolNameSince ? "" : null);
        response.Leader = answer.Leader;
        response.SkipAssignment = answer.SkipAssignment;
        response.MemberId = answer.MemberId;
        response.Members.AddRange(answer.Members);
    }

    private Task<JoinGroupResponse> AskAsync(RequestContext context, JoinGroupRequest request, string memberId)
    {
        RequestOrigin origin = RequestOrigins.Of(context);
        string suffix = coordinator.NewMemberIdSuffix();
        return coordinator.AskAsync(
            request.GroupId, (shard, now, token) => shard.JoinGroup(now, request, origin, suffix, token), error => Refused(memberId, error));
    }

    private static JoinGroupResponse Refused(string memberId, ErrorCode error) =>
        new() { MemberId = memberId, ErrorCode = (short)error, ProtocolName = null };
}
