using Moldau.Coordinators.Groups.Classic;
using Moldau.Coordinators.Groups.Others;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>DeleteGroups: a group without members, its offsets first.</summary>
internal sealed class DeleteGroupsOperation(ReplayedState state, LiveGroups live)
{
    public DeleteGroupsResponse.DeletableGroupResult Delete(string groupId, CoordinatorResult result)
    {
        ErrorCode error = Check(groupId);
        if (error == ErrorCode.None)
        {
            foreach (TopicPartition partition in state.Offsets.Partitions(groupId)) result.Append(GroupRecords.OffsetTombstone(groupId, partition));
            AppendGroupTombstones(groupId, result);
        }

        return Outcome(groupId, error);
    }

    public static DeleteGroupsResponse.DeletableGroupResult Outcome(string groupId, ErrorCode error) =>
        new() { GroupId = groupId, ErrorCode = (short)error };

    /// <summary>Deletes the records of a group itself. A simple group has none, yet its tombstone is written, as Kafka does.</summary>
    public void AppendGroupTombstones(string groupId, CoordinatorResult result)
    {
        if (live.Find(groupId) is null && state.Others.Find(groupId) is { } other) AppendTombstones(other, result);
        else result.Append(GroupRecords.GroupTombstone(groupId));
    }

    /// <summary>Deletes a group of another type; the record that ends it comes last.</summary>
    public static void AppendTombstones(OtherGroup group, CoordinatorResult result)
    {
        foreach (IMessage key in group.Keys.OrderBy(key => OtherRecord.Describe(key)!.Part == OtherRecordPart.Group))
        {
            result.Append(CoordinatorRecord.Tombstone(key));
        }
    }

    private ErrorCode Check(string groupId)
    {
        if (live.Find(groupId) is { } group) return group.IsEmpty ? ErrorCode.None : ErrorCode.NonEmptyGroup;
        return state.Others.Find(groupId) switch
        {
            null => ErrorCode.GroupIdNotFound,
            { IsEmpty: false } => ErrorCode.NonEmptyGroup,

            // Deleting a share group means deleting its share-partition state too, which this node does not keep.
            { Type: GroupType.Share } => ErrorCode.GroupDeletionFailed,
            _ => ErrorCode.None,
        };
    }
}
