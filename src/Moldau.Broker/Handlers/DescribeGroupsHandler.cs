using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>DescribeGroups (key 15, v0-6): state, members and assignments of classic groups.</summary>
/// <remarks>
/// v3 authorized operations (KIP-430); v4 instance ids; v6 GROUP_ID_NOT_FOUND with a message (KIP-1043): before, an unknown group is described as dead. Other errors,
/// per group: NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.
/// </remarks>
internal sealed class DescribeGroupsHandler(GroupCoordinator coordinator)
    : ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse>(ApiKey.DescribeGroups, 0, 6)
{
    protected internal override async ValueTask HandleAsync(RequestContext<DescribeGroupsRequest, DescribeGroupsResponse> context)
    {
        RequestOrigin origin = RequestOrigins.Of(context);
        DescribeGroupsResponse.DescribedGroup[] groups = await coordinator.AskForEachAsync(
            context.Request.Groups,
            (shard, now, ids, token) => shard.DescribeGroups(now, ids, origin, token),
            (id, error) => new DescribeGroupsResponse.DescribedGroup { GroupId = id, ErrorCode = (short)error });
        foreach (DescribeGroupsResponse.DescribedGroup group in groups)
        {
            bool tellsOperations = context.Request.IncludeAuthorizedOperations && group.ErrorCode == (short)ErrorCode.None;
            group.AuthorizedOperations = tellsOperations ? AuthorizedOperations.Group : AuthorizedOperations.NotAsked;
            context.Response.Groups.Add(group);
        }
    }
}
