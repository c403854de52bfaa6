using Moldau.Coordinators.Groups.Classic;
using Moldau.Coordinators.Groups.Others;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>DescribeGroups: members and assignments of classic groups. Any other group is not found here.</summary>
internal sealed class DescribeGroupsOperation(ReplayedState state, LiveGroups live)
{
    /// <summary>From this version on an unknown group is an error (KIP-1043); before, it is described as dead.</summary>
    private const short TellsNotFoundSince = 6;

    public DescribeGroupsResponse.DescribedGroup Describe(string groupId, short apiVersion)
    {
        if (live.Find(groupId) is { } group) return Describe(group);
        var unknown = new DescribeGroupsResponse.DescribedGroup { GroupId = groupId, GroupState = nameof(ClassicGroupState.Dead) };
        if (apiVersion < TellsNotFoundSince) return unknown;
        OtherGroup? other = state.Others.Find(groupId);
        unknown.ErrorCode = (short)ErrorCode.GroupIdNotFound;
        unknown.ErrorMessage = other is null ? $"Group {groupId} not found." : $"Group {groupId} is not a classic group.";
        return unknown;
    }

    public static DescribeGroupsResponse.DescribedGroup Refused(string groupId, ErrorCode error) =>
        new() { GroupId = groupId, ErrorCode = (short)error };

    private static DescribeGroupsResponse.DescribedGroup Describe(ClassicGroup group)
    {
        bool stable = group.State == ClassicGroupState.Stable;
        var described = new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = group.GroupId,
            GroupState = group.State.ToString(),
            ProtocolType = group.ProtocolType ?? "",
            ProtocolData = stable ? group.ProtocolName ?? "" : "",
        };
        foreach (ClassicMember member in group.Members)
        {
            described.Members.Add(new DescribeGroupsResponse.DescribedGroupMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,

                // Which of its subscriptions counts is settled only in a stable group.
                MemberMetadata = stable ? member.Metadata(group.ProtocolName!) : [],
                MemberAssignment = member.Assignment,
            });
        }

        return described;
    }
}
