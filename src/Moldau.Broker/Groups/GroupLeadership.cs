using Moldau.Broker.Partitions;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;

namespace Moldau.Broker.Groups;

/// <summary>Begins and ends shards as this node's leadership of <c>__consumer_offsets</c> goes, and tells them of topics that are gone.</summary>
internal sealed class GroupLeadership(GroupCoordinator coordinator, PartitionTable partitions, Purgatory purgatory, int nodeId) : IMetadataObserver
{
    private Uuid topicId;

    public void MetadataChanged(MetadataDelta delta, MetadataImage image)
    {
        TakePartitions(image);
        TopicsDelta topics = delta.Topics();
        LocalReplicaChanges changes = topics.LocalChanges(nodeId);
        foreach (PartitionChange change in changes.Deletes) Resign(change);
        foreach (PartitionChange change in changes.Followers) Resign(change);
        foreach (PartitionChange change in changes.Leaders) Lead(change);
        if (topics.Deleted.Length == 0) return;
        (string, Uuid)[] deleted = [.. topics.Deleted.Select(topic => (topic.Name, topic.Id))];
        coordinator.TellAll((shard, now) => shard.TopicsDeleted(now, deleted));
    }

    private void TakePartitions(MetadataImage image)
    {
        if (image.Topics.Find(TopicNames.ConsumerOffsets) is not { } topic || topic.Id == topicId || topic.Partitions.Count == 0) return;
        topicId = topic.Id;
        coordinator.Partitions = topic.Partitions.Count;
    }

    private void Lead(PartitionChange change)
    {
        // A partition whose log could not be opened is not served.
        if (change.Topic != TopicNames.ConsumerOffsets || !partitions.TryGet(change.TopicId, change.Partition, out HostedPartition? hosted)) return;
        coordinator.BecomeLeader(change.Partition, change.After!.LeaderEpoch, new PartitionCoordinatorLog(hosted, purgatory));
    }

    private void Resign(PartitionChange change)
    {
        if (change.Topic == TopicNames.ConsumerOffsets) coordinator.Resign(change.Partition);
    }
}
