using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>The answers to JoinGroup.</summary>
internal static class JoinGroupReplies
{
    /// <summary>The member id of somebody who has none yet.</summary>
    public const string UnknownMemberId = "";

    public static JoinGroupResponse Refused(string memberId, ErrorCode error) =>
        new() { MemberId = memberId, ErrorCode = (short)error, ProtocolName = null };

    /// <summary>The generation as it stands. The leader gets every member's subscription, to assign from.</summary>
    public static JoinGroupResponse Joined(ClassicGroup group, string memberId) => Joined(group, memberId, group.LeaderId, group.IsLeader(memberId));

    /// <summary>The same, saying who leads and whether the members are listed: a returning static leader is told otherwise.</summary>
    public static JoinGroupResponse Joined(ClassicGroup group, string memberId, string? leaderId, bool listMembers)
    {
        var response = new JoinGroupResponse
        {
            GenerationId = group.Generation,
            ProtocolType = group.ProtocolType,
            ProtocolName = group.ProtocolName,
            Leader = leaderId ?? "",
            MemberId = memberId,
        };
        if (!listMembers) return response;
        Invariant.That(group.State is ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable);
        foreach (ClassicMember member in group.Members)
        {
            response.Members.Add(new JoinGroupResponse.JoinGroupResponseMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                Metadata = member.Metadata(group.ProtocolName!),
            });
        }

        return response;
    }
}
