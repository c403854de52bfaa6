using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>One shard's part of the answer to ListGroups.</summary>
/// <param name="Groups">Its groups, in order of id.</param>
/// <param name="Error">Why it has none to tell of.</param>
public sealed record ShardListing(IReadOnlyList<ListGroupsResponse.ListedGroup> Groups, ErrorCode Error);
