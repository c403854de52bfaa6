using Moldau.Coordinators.Groups.Classic;
using Moldau.Coordinators.Groups.Others;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>ListGroups for one shard, by state (KIP-518) and type (KIP-848), both in any case of letters.</summary>
internal sealed class ListGroupsOperation(ReplayedState state, LiveGroups live)
{
    /// <summary>Ids of all groups of the shard, in order.</summary>
    public IReadOnlyCollection<string> AllIds()
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        ids.UnionWith(live.Ids);
        ids.UnionWith(state.Classic.Keys);
        ids.UnionWith(state.Others.Ids);
        ids.UnionWith(state.Offsets.Committed.Groups);
        foreach (var (_, pending) in state.Offsets.Pending) ids.UnionWith(pending.Groups);
        return ids;
    }

    public IReadOnlyList<ListGroupsResponse.ListedGroup> List(IEnumerable<string> statesFilter, IEnumerable<string> typesFilter)
    {
        var states = new HashSet<string>(statesFilter.Select(name => name.Trim()), StringComparer.OrdinalIgnoreCase);
        var types = new HashSet<string>(typesFilter.Select(name => name.Trim()), StringComparer.OrdinalIgnoreCase);
        var listed = new List<ListGroupsResponse.ListedGroup>();
        foreach (string groupId in AllIds())
        {
            ListGroupsResponse.ListedGroup group = Describe(groupId);
            if ((states.Count == 0 || states.Contains(group.GroupState)) && (types.Count == 0 || types.Contains(group.GroupType))) listed.Add(group);
        }

        return listed;
    }

    private ListGroupsResponse.ListedGroup Describe(string groupId)
    {
        if (live.Find(groupId) is { } classic) return Entry(groupId, classic.ProtocolType ?? "", classic.State.ToString(), GroupType.Classic);
        OtherGroup other = state.Others.Find(groupId)!;
        return Entry(groupId, other.Type.Name(), other.State, other.Type);
    }

    private static ListGroupsResponse.ListedGroup Entry(string groupId, string protocolType, string groupState, GroupType type) =>
        new() { GroupId = groupId, ProtocolType = protocolType, GroupState = groupState, GroupType = type.Name() };
}
