using Moldau.Coordinators.Groups.Classic;
using Moldau.Coordinators.Groups.Others;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>Who may commit, fetch and delete a group's offsets.</summary>
internal sealed class OffsetAccess(ReplayedState state, LiveGroups live)
{
    /// <summary>From this version on the client knows GROUP_ID_NOT_FOUND and STALE_MEMBER_EPOCH (KIP-848).</summary>
    private const short KnowsNewErrorsSince = 9;

    /// <summary>
    /// A member commits under its id and generation; anyone may without a generation while the group is empty, which is how consumers
    /// without a group and administrators do it, and how a simple group begins.
    /// </summary>
    public ErrorCode CheckCommit(OffsetCommitRequest request, short apiVersion)
    {
        if (live.Find(request.GroupId) is { } group) return CheckCommit(group, request);
        if (state.Others.Find(request.GroupId) is { } other) return CheckCommit(other, request, apiVersion);
        if (request.GenerationIdOrMemberEpoch < 0) return ErrorCode.None;
        return apiVersion >= KnowsNewErrorsSince ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration;
    }

    /// <summary>Only members of consumer groups are held to an epoch; a classic group's offsets are anyone's to read.</summary>
    public ErrorCode CheckFetch(OffsetFetchRequest.OffsetFetchRequestGroup request)
    {
        if (state.Others.Find(request.GroupId) is not { } other || live.Find(request.GroupId) is not null) return ErrorCode.None;
        if (string.IsNullOrEmpty(request.MemberId) && request.MemberEpoch < 0) return ErrorCode.None;
        if (other.Find(request.MemberId ?? "") is not { } member) return ErrorCode.UnknownMemberId;
        return member.Epoch == request.MemberEpoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
    }

    /// <summary>
    /// In a group with members only a consumer group's offsets can be deleted, for topics that it does not subscribe to (KIP-496).
    /// </summary>
    public ErrorCode CheckDelete(string groupId)
    {
        if (live.Find(groupId) is { } group) return group.IsEmpty || group.UsesConsumerProtocol ? ErrorCode.None : ErrorCode.NonEmptyGroup;
        return state.Others.Find(groupId) switch
        {
            null => ErrorCode.GroupIdNotFound,
            { IsEmpty: true } => ErrorCode.None,
            _ => ErrorCode.NonEmptyGroup,
        };
    }

    private static ErrorCode CheckCommit(ClassicGroup group, OffsetCommitRequest request)
    {
        if (request.GenerationIdOrMemberEpoch < 0 && group.IsEmpty) return ErrorCode.None;
        bool namesMember = request.GenerationIdOrMemberEpoch >= 0 || request.MemberId.Length > 0 || request.GroupInstanceId is not null;
        if (!namesMember) return ErrorCode.UnknownMemberId;
        ErrorCode error = group.Validate(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationIdOrMemberEpoch != group.Generation) return ErrorCode.IllegalGeneration;

        // The member has its generation but not its assignment yet: what it read belongs to the last one, which is over.
        return group.State == ClassicGroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private static ErrorCode CheckCommit(OtherGroup group, OffsetCommitRequest request, short apiVersion)
    {
        if (request.GenerationIdOrMemberEpoch < 0 && group.IsEmpty) return ErrorCode.None;
        if (group.Find(request.MemberId) is not { } member) return ErrorCode.UnknownMemberId;
        if (member.Epoch == request.GenerationIdOrMemberEpoch) return ErrorCode.None;
        return apiVersion >= KnowsNewErrorsSince ? ErrorCode.StaleMemberEpoch : ErrorCode.UnsupportedVersion;
    }
}
