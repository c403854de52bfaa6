using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>When offsets expire (KIP-211, and KIP-496's rule for topics no longer subscribed to).</summary>
internal sealed class OffsetExpiry(GroupConfig config, OffsetStore store)
{
    /// <summary>Deletes a group's expired offsets. Returns whether nothing is left that keeps the group.</summary>
    public bool Expire(ClassicGroup group, CoordinatorResult result)
    {
        if (!store.Committed.HasGroup(group.GroupId)) return !store.HasOpenTransaction(group.GroupId);
        if (!Expires(group)) return false;

        bool allExpired = true;
        foreach (var (partition, offset) in store.Committed.Offsets(group.GroupId))
        {
            bool expired = !group.IsSubscribedTo(partition.Topic)
                && !store.IsPending(group.GroupId, partition.Topic, partition.Partition)
                && IsExpired(group, offset, result.NowMs);
            if (expired) result.Append(GroupRecords.OffsetTombstone(group.GroupId, partition));
            allExpired &= expired;
        }

        return allExpired && !store.HasOpenTransaction(group.GroupId);
    }

    /// <summary>
    /// Offsets of a group with members expire only in a stable consumer group, where it is known which topics are in use. Those of an
    /// empty group and of simple consumers expire in time.
    /// </summary>
    private static bool Expires(ClassicGroup group) =>
        group.ProtocolType is null || group.IsEmpty
        || (group is { UsesConsumerProtocol: true, State: ClassicGroupState.Stable } && group.SubscribedTopics is not null);

    /// <summary>The retention of an emptied group's offsets begins when it became empty: a group that is used keeps them all.</summary>
    private bool IsExpired(ClassicGroup group, CommittedOffset offset, long nowMs)
    {
        if (offset.ExpireTimestampMs != CommittedOffset.NoExpireTimestamp) return nowMs >= offset.ExpireTimestampMs;
        bool sinceEmpty = group.ProtocolType is not null && group.IsEmpty && group.StateTimestampMs >= 0;
        long sinceMs = sinceEmpty ? group.StateTimestampMs : offset.CommitTimestampMs;
        return nowMs - sinceMs >= config.OffsetsRetentionMs;
    }
}
