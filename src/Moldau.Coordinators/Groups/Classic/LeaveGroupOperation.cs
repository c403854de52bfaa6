using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>LeaveGroup: members go, or are put out by an administrator who names their instance ids (KIP-345).</summary>
internal sealed class LeaveGroupOperation(Rebalance rebalance)
{
    public LeaveGroupResponse Leave(ClassicGroup group, LeaveGroupRequest request, CoordinatorResult result)
    {
        var response = new LeaveGroupResponse();
        bool anyLeft = false;
        foreach (LeaveGroupRequest.MemberIdentity identity in request.Members)
        {
            ErrorCode error = Leave(group, identity, result);
            anyLeft |= error == ErrorCode.None;
            response.Members.Add(Outcome(identity, error));
        }

        if (!anyLeft) return response;
        if (group.State == ClassicGroupState.PreparingRebalance) rebalance.CompleteJoinIfAllJoined(group, result);
        else if (!group.IsEmpty) rebalance.Prepare(group, result);
        return response;
    }

    /// <summary>The answer when there is no such group: every member is unknown.</summary>
    public static LeaveGroupResponse UnknownGroup(LeaveGroupRequest request)
    {
        var response = new LeaveGroupResponse();
        foreach (LeaveGroupRequest.MemberIdentity identity in request.Members) response.Members.Add(Outcome(identity, ErrorCode.UnknownMemberId));
        return response;
    }

    private ErrorCode Leave(ClassicGroup group, LeaveGroupRequest.MemberIdentity identity, CoordinatorResult result)
    {
        if (group.IsPending(identity.MemberId))
        {
            group.Remove(identity.MemberId);
            result.CancelTimer(GroupTimers.Session(group.GroupId, identity.MemberId));
            return ErrorCode.None;
        }

        string? memberId = identity.MemberId;
        if (memberId.Length == 0)
        {
            memberId = identity.GroupInstanceId is { } instance ? group.StaticMemberId(instance) : null;
            if (memberId is null) return ErrorCode.UnknownMemberId;
        }
        else if (group.Validate(memberId, identity.GroupInstanceId) is var error and not ErrorCode.None)
        {
            return error;
        }

        rebalance.Evict(group, group.Find(memberId)!, result);
        return ErrorCode.None;
    }

    private static LeaveGroupResponse.MemberResponse Outcome(LeaveGroupRequest.MemberIdentity identity, ErrorCode error) =>
        new() { MemberId = identity.MemberId, GroupInstanceId = identity.GroupInstanceId, ErrorCode = (short)error };
}
