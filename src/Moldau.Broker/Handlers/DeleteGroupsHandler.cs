using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>DeleteGroups (key 42, v0-3): deletes groups without members, and their offsets.</summary>
/// <remarks>
/// Errors, per group: GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, GROUP_DELETION_FAILED, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.
/// </remarks>
internal sealed class DeleteGroupsHandler(GroupCoordinator coordinator)
    : ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse>(ApiKey.DeleteGroups, 0, 3)
{
    protected internal override async ValueTask HandleAsync(RequestContext<DeleteGroupsRequest, DeleteGroupsResponse> context)
    {
        DeleteGroupsResponse.DeletableGroupResult[] results = await coordinator.AskForEachAsync(
            context.Request.GroupsNames,
            (shard, now, ids, token) => shard.DeleteGroups(now, ids, token),
            (id, error) => new DeleteGroupsResponse.DeletableGroupResult { GroupId = id, ErrorCode = (short)error });
        context.Response.Results.AddRange(results);
    }
}
