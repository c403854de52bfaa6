using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>ListGroups (key 16, v0-5): the groups of all types that this node coordinates.</summary>
/// <remarks>v4 by state (KIP-518); v5 by type (KIP-848). Errors: COORDINATOR_LOAD_IN_PROGRESS while any part of them is being loaded.</remarks>
internal sealed class ListGroupsHandler(GroupCoordinator coordinator)
    : ApiHandler<ListGroupsRequest, ListGroupsResponse>(ApiKey.ListGroups, 0, 5)
{
    protected internal override async ValueTask HandleAsync(RequestContext<ListGroupsRequest, ListGroupsResponse> context)
    {
        string[] states = [.. context.Request.StatesFilter], types = [.. context.Request.TypesFilter];
        IReadOnlyList<ShardListing> listings = await coordinator.AskAllAsync(
            (shard, now, token) => shard.ListGroups(now, states, types, token), error => new ShardListing([], error));

        // A shard that has just gone elsewhere is listed there.
        ShardListing? failed = listings.FirstOrDefault(listing => listing.Error is not (ErrorCode.None or ErrorCode.NotCoordinator));
        if (failed is not null)
        {
            context.Response.ErrorCode = (short)failed.Error;
            return;
        }

        foreach (ShardListing listing in listings) context.Response.Groups.AddRange(listing.Groups);
    }
}
