using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>JoinGroup: a member asks to be part of the next generation. The answer comes when that generation begins.</summary>
internal sealed class JoinGroupOperation(GroupConfig config, Rebalance rebalance, StaticMembership staticMembership)
{
    public void Join(ClassicGroup group, JoinCall call, CoordinatorResult result)
    {
        if (!HasRoomFor(group, call))
        {
            Refuse(call, JoinGroupReplies.UnknownMemberId, ErrorCode.GroupMaxSizeReached, result);
            PutOut(group, call.MemberId, result);
        }
        else if (!group.Supports(call.ProtocolType, call.Protocols))
        {
            Refuse(call, call.MemberId, ErrorCode.InconsistentGroupProtocol, result);
        }
        else if (call.IsUnknownMember)
        {
            JoinUnknown(group, call, result);
        }
        else
        {
            JoinKnown(group, call, result);
        }
    }

    private void JoinUnknown(ClassicGroup group, JoinCall call, CoordinatorResult result)
    {
        if (call.GroupInstanceId is { } instance)
        {
            if (group.StaticMemberId(instance) is { } former) staticMembership.Replace(group, former, call, result);
            else Add(group, call.NewMemberId, call, result);
        }
        else if (call.RequiresKnownMemberId)
        {
            string memberId = call.NewMemberId;
            group.AddPending(memberId);
            result.SetTimer(GroupTimers.Session(group.GroupId, memberId), call.SessionTimeoutMs);
            Refuse(call, memberId, ErrorCode.MemberIdRequired, result);
        }
        else
        {
            Add(group, call.NewMemberId, call, result);
        }
    }

    private void JoinKnown(ClassicGroup group, JoinCall call, CoordinatorResult result)
    {
        if (group.IsPending(call.MemberId))
        {
            // Ids are given out to dynamic members only; a static one that shows such an id has mixed something up.
            if (call.GroupInstanceId is null) Add(group, call.MemberId, call, result);
            else Refuse(call, call.MemberId, ErrorCode.UnknownServerError, result);
            return;
        }

        ErrorCode error = group.Validate(call.MemberId, call.GroupInstanceId);
        if (error != ErrorCode.None)
        {
            Refuse(call, call.MemberId, error, result);
            return;
        }

        ClassicMember member = group.Find(call.MemberId)!;
        if (NeedsRebalance(group, member, call))
        {
            group.Update(member, call.Protocols, call.RebalanceTimeoutMs, call.SessionTimeoutMs);
            ParkedRequests.ParkJoin(group, member, call.Token, result);
            rebalance.PrepareOrCompleteJoin(group, result);
        }
        else
        {
            // Most likely the answer to its JoinGroup got lost. Only while the assignment is due does the leader need the members again.
            bool listMembers = group.State == ClassicGroupState.CompletingRebalance && group.IsLeader(member.MemberId);
            result.Answer(call.Token, JoinGroupReplies.Joined(group, member.MemberId, group.LeaderId, listMembers));
        }
    }

    /// <summary>
    /// A join of a settled group rebalances it when the member offers something new, or leads: a leader joins again because something
    /// outside the group has changed, such as the number of partitions.
    /// </summary>
    private static bool NeedsRebalance(ClassicGroup group, ClassicMember member, JoinCall call) => group.State switch
    {
        ClassicGroupState.CompletingRebalance => !member.Offers(call.Protocols),
        ClassicGroupState.Stable => group.IsLeader(member.MemberId) || !member.Offers(call.Protocols),
        _ => true,
    };

    private void Add(ClassicGroup group, string memberId, JoinCall call, CoordinatorResult result)
    {
        var member = new ClassicMember(memberId, call.GroupInstanceId, call.Origin.ClientId, call.Origin.ClientHost, call.ProtocolType)
        {
            RebalanceTimeoutMs = call.RebalanceTimeoutMs,
            SessionTimeoutMs = call.SessionTimeoutMs,
            Protocols = call.Protocols,
            IsNew = true,
        };
        if (group is { State: ClassicGroupState.PreparingRebalance, PreviousState: ClassicGroupState.Empty }) group.NewMemberAdded = true;
        group.Add(member);
        ParkedRequests.ParkJoin(group, member, call.Token, result);
        result.SetTimer(GroupTimers.Session(group.GroupId, memberId), config.NewMemberJoinTimeoutMs);
        rebalance.PrepareOrCompleteJoin(group, result);
    }

    /// <summary>Whoever finds no room loses the place it had: a pending member, or one of a group whose maximum was lowered.</summary>
    private void PutOut(ClassicGroup group, string memberId, CoordinatorResult result)
    {
        if (group.Find(memberId) is { } member)
        {
            rebalance.Evict(group, member, result);
            rebalance.CompleteJoinIfAllJoined(group, result);
        }
        else if (group.IsPending(memberId))
        {
            group.Remove(memberId);
            result.CancelTimer(GroupTimers.Session(group.GroupId, memberId));
        }
    }

    /// <summary>
    /// Whether the group takes this member. While members join, those that have are counted: the group may be above a maximum that was
    /// lowered, and whoever joins late is then left out. Settled, all members count.
    /// </summary>
    private bool HasRoomFor(ClassicGroup group, JoinCall call)
    {
        if (call.IsUnknownMember && group.PendingMemberCount >= Limits.PendingMembersPerGroup) return false;
        return group.State switch
        {
            ClassicGroupState.Empty => true,
            ClassicGroupState.PreparingRebalance =>
                group.Find(call.MemberId)?.AwaitingJoin is not null || group.AwaitingJoinCount < config.MaxSize,
            _ => group.Has(call.MemberId) || group.Members.Count < config.MaxSize,
        };
    }

    private static void Refuse(JoinCall call, string memberId, ErrorCode error, CoordinatorResult result) =>
        result.Answer(call.Token, JoinGroupReplies.Refused(memberId, error));
}
