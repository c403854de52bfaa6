using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>
/// A static member that comes back without its id (KIP-345): it gets a new id and takes its former self's place, which is fenced. In a
/// stable group whose protocol stays the same that goes without a rebalance.
/// </summary>
internal sealed class StaticMembership(Rebalance rebalance)
{
    /// <summary>From this version on a returning leader is told that it leads and need not assign (KIP-814).</summary>
    private const short SkipsAssignmentSince = 9;

    public void Replace(ClassicGroup group, string formerId, JoinCall call, CoordinatorResult result)
    {
        string? formerLeader = group.LeaderId;
        ClassicMember former = group.Find(formerId)!;
        ParkedRequests.Refuse(group, former, formerId, ErrorCode.FencedInstanceId, result);
        result.CancelTimer(GroupTimers.Session(group.GroupId, formerId));

        ClassicMember member = group.Replace(former, call.NewMemberId);
        rebalance.KeepSession(group, member, result);
        group.Update(member, call.Protocols, call.RebalanceTimeoutMs, call.SessionTimeoutMs);
        ParkedRequests.ParkJoin(group, member, call.Token, result);

        switch (group.State)
        {
            case ClassicGroupState.Stable when group.SelectProtocol() == group.ProtocolName:
                result.Append(GroupRecords.GroupMetadata(group, group.Members.ToDictionary(each => each.MemberId, each => each.Assignment)));
                result.Write = new StaticMemberReplaced(group, former, member.MemberId, formerLeader, call.Origin.ApiVersion);
                break;

            // The leader may already be assigning to the former id, and the assignment would miss the new one.
            case ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance:
                rebalance.Prepare(group, result);
                break;

            default:
                rebalance.CompleteJoinIfAllJoined(group, result);
                break;
        }
    }

    /// <summary>The new id is in the log.</summary>
    public void Replaced(StaticMemberReplaced write, CoordinatorResult result)
    {
        ClassicGroup group = write.Group;
        if (group.Find(write.NewMemberId) is not { } member) return;
        if (group.State != ClassicGroupState.Stable) return;
        bool leads = group.IsLeader(member.MemberId);
        ParkedRequests.AnswerJoin(
            group,
            member,
            () =>
            {
                if (write.ApiVersion < SkipsAssignmentSince) return JoinGroupReplies.Joined(group, member.MemberId, write.OldLeaderId, listMembers: false);
                Protocol.Messages.JoinGroupResponse response = JoinGroupReplies.Joined(group, member.MemberId);
                response.SkipAssignment = leads;
                return response;
            },
            result);
    }

    /// <summary>The new id did not get into the log: the former one is in force again.</summary>
    public void NotReplaced(StaticMemberReplaced write, ErrorCode error, CoordinatorResult result)
    {
        ClassicGroup group = write.Group;
        if (group.Find(write.NewMemberId) is not { } member) return;
        ParkedRequests.Refuse(group, member, JoinGroupReplies.UnknownMemberId, error, result);
        result.CancelTimer(GroupTimers.Session(group.GroupId, member.MemberId));
        ClassicMember former = group.Replace(member, write.OldMember.MemberId);
        group.Update(former, write.OldMember.Protocols, write.OldMember.RebalanceTimeoutMs, write.OldMember.SessionTimeoutMs);
        rebalance.KeepSession(group, former, result);
    }
}
