using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Others;

/// <summary>What part of a group a record tells about.</summary>
internal enum OtherRecordPart
{
    /// <summary>The group itself; its tombstone ends the group.</summary>
    Group,

    Member,

    AssignmentEpoch,

    CurrentAssignment,

    Topology,

    /// <summary>Something that does not show in a list of groups.</summary>
    Detail,
}

/// <summary>The identity of a record of a consumer, share or streams group.</summary>
/// <param name="Type">The group's type.</param>
/// <param name="Part">What it tells about.</param>
/// <param name="GroupId">The group.</param>
/// <param name="MemberId">The member, or another name within the group; empty if the record is the group's only one of its kind.</param>
/// <param name="Kind">Name of the key message.</param>
internal sealed record OtherRecord(GroupType Type, OtherRecordPart Part, string GroupId, string MemberId, string Kind)
{
    /// <summary>Distinguishes the record within its group.</summary>
    public string Name => $"{Kind}/{MemberId}";

    /// <summary>Reads a key; null when it is not of such a group.</summary>
    public static OtherRecord? Describe(IMessage key) => key switch
    {
        ConsumerGroupMetadataKey k => Consumer(OtherRecordPart.Group, k.GroupId, "", nameof(ConsumerGroupMetadataKey)),
        ConsumerGroupPartitionMetadataKey k => Consumer(OtherRecordPart.Detail, k.GroupId, "", nameof(ConsumerGroupPartitionMetadataKey)),
        ConsumerGroupMemberMetadataKey k => Consumer(OtherRecordPart.Member, k.GroupId, k.MemberId, nameof(ConsumerGroupMemberMetadataKey)),
        ConsumerGroupTargetAssignmentMetadataKey k =>
            Consumer(OtherRecordPart.AssignmentEpoch, k.GroupId, "", nameof(ConsumerGroupTargetAssignmentMetadataKey)),
        ConsumerGroupTargetAssignmentMemberKey k =>
            Consumer(OtherRecordPart.Detail, k.GroupId, k.MemberId, nameof(ConsumerGroupTargetAssignmentMemberKey)),
        ConsumerGroupCurrentMemberAssignmentKey k =>
            Consumer(OtherRecordPart.CurrentAssignment, k.GroupId, k.MemberId, nameof(ConsumerGroupCurrentMemberAssignmentKey)),
        ConsumerGroupRegularExpressionKey k =>
            Consumer(OtherRecordPart.Detail, k.GroupId, k.RegularExpression, nameof(ConsumerGroupRegularExpressionKey)),
        ShareGroupMetadataKey k => Share(OtherRecordPart.Group, k.GroupId, "", nameof(ShareGroupMetadataKey)),
        ShareGroupMemberMetadataKey k => Share(OtherRecordPart.Member, k.GroupId, k.MemberId, nameof(ShareGroupMemberMetadataKey)),
        ShareGroupTargetAssignmentMetadataKey k =>
            Share(OtherRecordPart.AssignmentEpoch, k.GroupId, "", nameof(ShareGroupTargetAssignmentMetadataKey)),
        ShareGroupTargetAssignmentMemberKey k =>
            Share(OtherRecordPart.Detail, k.GroupId, k.MemberId, nameof(ShareGroupTargetAssignmentMemberKey)),
        ShareGroupCurrentMemberAssignmentKey k =>
            Share(OtherRecordPart.CurrentAssignment, k.GroupId, k.MemberId, nameof(ShareGroupCurrentMemberAssignmentKey)),
        ShareGroupStatePartitionMetadataKey k => Share(OtherRecordPart.Detail, k.GroupId, "", nameof(ShareGroupStatePartitionMetadataKey)),
        StreamsGroupMetadataKey k => Streams(OtherRecordPart.Group, k.GroupId, "", nameof(StreamsGroupMetadataKey)),
        StreamsGroupMemberMetadataKey k => Streams(OtherRecordPart.Member, k.GroupId, k.MemberId, nameof(StreamsGroupMemberMetadataKey)),
        StreamsGroupTargetAssignmentMetadataKey k =>
            Streams(OtherRecordPart.AssignmentEpoch, k.GroupId, "", nameof(StreamsGroupTargetAssignmentMetadataKey)),
        StreamsGroupTargetAssignmentMemberKey k =>
            Streams(OtherRecordPart.Detail, k.GroupId, k.MemberId, nameof(StreamsGroupTargetAssignmentMemberKey)),
        StreamsGroupCurrentMemberAssignmentKey k =>
            Streams(OtherRecordPart.CurrentAssignment, k.GroupId, k.MemberId, nameof(StreamsGroupCurrentMemberAssignmentKey)),
        StreamsGroupTopologyKey k => Streams(OtherRecordPart.Topology, k.GroupId, "", nameof(StreamsGroupTopologyKey)),
        _ => null,
    };

    /// <summary>Takes over what shows in a list of groups.</summary>
    public static void Apply(OtherGroup group, OtherRecord record, IMessage value)
    {
        switch (value)
        {
            case ConsumerGroupMetadataValue v: group.Epoch = v.Epoch; break;
            case ShareGroupMetadataValue v: group.Epoch = v.Epoch; break;
            case StreamsGroupMetadataValue v: (group.Epoch, group.ValidatedTopologyEpoch) = (v.Epoch, v.ValidatedTopologyEpoch); break;
            case ConsumerGroupTargetAssignmentMetadataValue v: group.AssignmentEpoch = v.AssignmentEpoch; break;
            case ShareGroupTargetAssignmentMetadataValue v: group.AssignmentEpoch = v.AssignmentEpoch; break;
            case StreamsGroupTargetAssignmentMetadataValue v: group.AssignmentEpoch = v.AssignmentEpoch; break;
            case StreamsGroupTopologyValue v: group.TopologyEpoch = v.Epoch; break;
            case ConsumerGroupCurrentMemberAssignmentValue v: SetMember(group, record.MemberId, v.MemberEpoch, v.State); break;
            case ShareGroupCurrentMemberAssignmentValue v: SetMember(group, record.MemberId, v.MemberEpoch, v.State); break;
            case StreamsGroupCurrentMemberAssignmentValue v: SetMember(group, record.MemberId, v.MemberEpoch, v.State); break;
        }
    }

    private static void SetMember(OtherGroup group, string memberId, int epoch, sbyte state)
    {
        group.AddMember(memberId);
        OtherMember member = group.Find(memberId)!;
        (member.Epoch, member.State) = (epoch, state);
    }

    private static OtherRecord Consumer(OtherRecordPart part, string groupId, string memberId, string kind) =>
        new(GroupType.Consumer, part, groupId, memberId, kind);

    private static OtherRecord Share(OtherRecordPart part, string groupId, string memberId, string kind) =>
        new(GroupType.Share, part, groupId, memberId, kind);

    private static OtherRecord Streams(OtherRecordPart part, string groupId, string memberId, string kind) =>
        new(GroupType.Streams, part, groupId, memberId, kind);
}
