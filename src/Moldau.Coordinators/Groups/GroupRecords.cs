using Moldau.Coordinators.Groups.Classic;
using Moldau.Coordinators.Groups.Offsets;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>The records of <c>__consumer_offsets</c> that this coordinator writes, at the versions that Kafka 4.4 writes.</summary>
internal static class GroupRecords
{
    /// <summary>The last version that is not flexible; older coordinators read it.</summary>
    public const short GroupMetadataVersion = 3;

    /// <summary>Carries the topic id as a tagged field.</summary>
    public const short OffsetCommitVersion = 4;

    /// <summary>The only version with an expire timestamp, so it is written when the client asked for its own retention time.</summary>
    public const short OffsetCommitVersionWithExpiry = 1;

    /// <summary>A group as it stands, with these assignments; members without one have an empty one.</summary>
    public static CoordinatorRecord GroupMetadata(ClassicGroup group, IReadOnlyDictionary<string, byte[]> assignments)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = group.ProtocolType ?? "",
            Generation = group.Generation,
            Protocol = group.ProtocolName,
            Leader = group.LeaderId,
            CurrentStateTimestamp = group.StateTimestampMs,
        };
        foreach (ClassicMember member in group.Members)
        {
            value.Members.Add(new GroupMetadataValue.MemberMetadata
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeoutMs,
                SessionTimeout = member.SessionTimeoutMs,
                Subscription = member.Metadata(group.ProtocolName!),
                Assignment = assignments.GetValueOrDefault(member.MemberId) ?? [],
            });
        }

        return new CoordinatorRecord(GroupKey(group.GroupId), value, GroupMetadataVersion);
    }

    /// <summary>A group just made: no generation, no protocol, no members, whoever may have joined meanwhile.</summary>
    public static CoordinatorRecord NewGroup(ClassicGroup group) => new(
        GroupKey(group.GroupId),
        new GroupMetadataValue { ProtocolType = "", Generation = 0, Protocol = null, Leader = null, CurrentStateTimestamp = group.StateTimestampMs },
        GroupMetadataVersion);

    public static CoordinatorRecord GroupTombstone(string groupId) => CoordinatorRecord.Tombstone(GroupKey(groupId));

    public static CoordinatorRecord OffsetCommit(string groupId, TopicPartition partition, CommittedOffset offset) => new(
        OffsetKey(groupId, partition),
        new OffsetCommitValue
        {
            Offset = offset.Offset,
            LeaderEpoch = offset.LeaderEpoch,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommitTimestampMs,
            ExpireTimestamp = offset.ExpireTimestampMs,
            TopicId = offset.TopicId,
        },
        offset.ExpireTimestampMs == CommittedOffset.NoExpireTimestamp ? OffsetCommitVersion : OffsetCommitVersionWithExpiry);

    public static CoordinatorRecord OffsetTombstone(string groupId, TopicPartition partition) =>
        CoordinatorRecord.Tombstone(OffsetKey(groupId, partition));

    private static GroupMetadataKey GroupKey(string groupId) => new() { Group = groupId };

    private static OffsetCommitKey OffsetKey(string groupId, TopicPartition partition) =>
        new() { Group = groupId, Topic = partition.Topic, Partition = partition.Partition };
}
