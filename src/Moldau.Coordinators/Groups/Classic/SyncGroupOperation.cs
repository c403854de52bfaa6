using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>SyncGroup: members ask for their assignment, the leader brings it. It is given out when it is in the log.</summary>
internal sealed class SyncGroupOperation(Rebalance rebalance)
{
    public void Sync(ClassicGroup group, SyncGroupRequest request, ReplyToken token, CoordinatorResult result)
    {
        ErrorCode error = Check(group, request);
        if (error != ErrorCode.None)
        {
            result.Answer(token, SyncGroupReplies.Refused(error));
            return;
        }

        ClassicMember member = group.Find(request.MemberId)!;
        group.Synced(member.MemberId);
        if (group.HasAllSynced) result.CancelTimer(GroupTimers.Sync(group.GroupId));

        if (group.State == ClassicGroupState.Stable)
        {
            result.Answer(token, SyncGroupReplies.Assigned(group, member));
            return;
        }

        ParkedRequests.ParkSync(member, token, result);
        if (group.IsLeader(member.MemberId)) Store(group, request, result);
    }

    /// <summary>The assignment is in the log.</summary>
    public void Stored(AssignmentStored write, CoordinatorResult result)
    {
        if (IsStillDue(write)) rebalance.Assign(write.Group, write.Assignments, result);
    }

    /// <summary>The assignment did not get into the log: everyone joins again.</summary>
    public void NotStored(AssignmentStored write, ErrorCode error, CoordinatorResult result)
    {
        if (!IsStillDue(write)) return;
        rebalance.DropAssignments(write.Group, error, result);
        rebalance.Prepare(write.Group, result);
    }

    /// <summary>While the write was under way the group may have gone on to another rebalance, which then has its own assignment.</summary>
    private static bool IsStillDue(AssignmentStored write) =>
        write.Group.State == ClassicGroupState.CompletingRebalance && write.Group.Generation == write.Generation;

    private static void Store(ClassicGroup group, SyncGroupRequest request, CoordinatorResult result)
    {
        // A leader that repeats its SyncGroup must not write a second assignment behind the one that is given out.
        if (group.AssignmentPending) return;
        group.AssignmentPending = true;

        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (SyncGroupRequest.SyncGroupRequestAssignment assignment in request.Assignments)
        {
            assignments[assignment.MemberId] = assignment.Assignment;
        }

        result.Append(GroupRecords.GroupMetadata(group, assignments));
        result.Write = new AssignmentStored(group, group.Generation, assignments);
    }

    private static ErrorCode Check(ClassicGroup group, SyncGroupRequest request)
    {
        ErrorCode error = group.Validate(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationId != group.Generation) return ErrorCode.IllegalGeneration;
        if (Contradicts(request.ProtocolType, group.ProtocolType) || Contradicts(request.ProtocolName, group.ProtocolName))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return group.State switch
        {
            ClassicGroupState.PreparingRebalance => ErrorCode.RebalanceInProgress,
            ClassicGroupState.Empty => ErrorCode.UnknownMemberId,
            _ => ErrorCode.None,
        };
    }

    /// <summary>Requests before version 5 name no protocol.</summary>
    private static bool Contradicts(string? requested, string? chosen) => requested is not null && chosen is not null && requested != chosen;
}
