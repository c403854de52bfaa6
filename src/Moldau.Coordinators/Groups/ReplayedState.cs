using Moldau.Coordinators.Groups.Classic;
using Moldau.Coordinators.Groups.Offsets;
using Moldau.Coordinators.Groups.Others;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>
/// The durable state of a shard: what the records of its partition add up to. <see cref="Replay"/> is its only mutator, live and on load
/// alike. Everything else that a shard holds (live groups, parked requests, timers) is soft, and made anew from this.
/// </summary>
internal sealed class ReplayedState
{
    private readonly Dictionary<string, StoredGroup> classic = new(StringComparer.Ordinal);

    public OffsetStore Offsets { get; } = new();

    public OtherGroups Others { get; } = new();

    /// <summary>Classic groups that have a record, in no order.</summary>
    public IReadOnlyDictionary<string, StoredGroup> Classic => classic;

    /// <summary>Takes one record over. Returns the id of a group whose record was deleted by it.</summary>
    /// <param name="offset">The record's offset.</param>
    /// <param name="producer">The producer, if the record is part of a transaction.</param>
    /// <param name="record">The record.</param>
    public string? Replay(long offset, ProducerId producer, CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case GroupMetadataKey key:
                return ReplayGroup(key.Group, (GroupMetadataValue?)record.Value);
            case OffsetCommitKey key:
                ReplayOffset(offset, producer, key.Group, new TopicPartition(key.Topic, key.Partition), record.Value);
                return null;
            case LegacyOffsetCommitKey key:
                ReplayOffset(offset, producer, key.Group, new TopicPartition(key.Topic, key.Partition), record.Value);
                return null;
            default:
                string? groupId = Others.Replay(record.Key, record.Value);

                // The type last written is the group's: an upgraded group leaves its classic record behind, deleted or not.
                if (groupId is not null && record.Value is not null && classic.Remove(groupId)) return groupId;
                return null;
        }
    }

    private string? ReplayGroup(string groupId, GroupMetadataValue? value)
    {
        if (value is null)
        {
            classic.Remove(groupId);
            return groupId;
        }

        classic[groupId] = new StoredGroup(value);
        Others.Remove(groupId);
        return null;
    }

    private void ReplayOffset(long recordOffset, ProducerId producer, string groupId, TopicPartition partition, IMessage? value)
    {
        switch (value)
        {
            case null:
                Offsets.Remove(groupId, partition);
                break;
            case OffsetCommitValue current:
                Offsets.Put(groupId, partition, CommittedOffset.FromRecord(current, recordOffset), producer);
                break;
            case LegacyOffsetCommitValue legacy:
                var offset = new CommittedOffset(
                    legacy.Offset, -1, legacy.Metadata, legacy.CommitTimestamp, CommittedOffset.NoExpireTimestamp, Uuid.Zero, recordOffset);
                Offsets.Put(groupId, partition, offset, producer);
                break;
        }
    }
}
