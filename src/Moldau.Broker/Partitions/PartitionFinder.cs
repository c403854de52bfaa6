using Moldau.Broker.Publishing;
using Moldau.Protocol;

namespace Moldau.Broker.Partitions;

/// <summary>Finds the partition a client names, and says what is wrong when this node does not hold it.</summary>
internal sealed class PartitionFinder(PartitionTable partitions, MetadataCache metadata)
{
    /// <summary>NONE with the partition; UNKNOWN_TOPIC_OR_PARTITION; NOT_LEADER_OR_FOLLOWER when it lives on other brokers only.</summary>
    public ErrorCode Find(string topic, int partition, out HostedPartition? hosted)
    {
        if (partitions.TryGet(topic, partition, out hosted)) return ErrorCode.None;
        return metadata.Image.Topics.Find(topic)?.Partition(partition) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.NotLeaderOrFollower;
    }

    /// <summary>As the other, by topic id: UNKNOWN_TOPIC_ID when no topic has it.</summary>
    public ErrorCode Find(Uuid topicId, int partition, out HostedPartition? hosted)
    {
        if (partitions.TryGet(topicId, partition, out hosted)) return ErrorCode.None;
        if (metadata.Image.Topics.Find(topicId) is not { } topic) return ErrorCode.UnknownTopicId;
        return topic.Partition(partition) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.NotLeaderOrFollower;
    }
}
