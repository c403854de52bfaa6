using Moldau.Broker.Publishing;
using Moldau.Metadata.Image;
using Moldau.Protocol;

namespace Moldau.Broker.Partitions;

/// <summary>Finds the partition a client names, and says what is wrong when this node does not hold it.</summary>
internal sealed class PartitionFinder(PartitionTable partitions, MetadataCache metadata, int nodeId)
{
    /// <summary>
    /// NONE with the partition; UNKNOWN_TOPIC_OR_PARTITION; NOT_LEADER_OR_FOLLOWER when it lives on other brokers only; KAFKA_STORAGE_ERROR when its log directory
    /// is offline, also with the partition.
    /// </summary>
    public ErrorCode Find(string topic, int partition, out HostedPartition? hosted)
    {
        if (partitions.TryGet(topic, partition, out hosted)) return Online(hosted);
        return Missing(metadata.Image.Topics.Find(topic)?.Partition(partition));
    }

    /// <summary>As the other, by topic id: UNKNOWN_TOPIC_ID when no topic has it.</summary>
    public ErrorCode Find(Uuid topicId, int partition, out HostedPartition? hosted)
    {
        if (partitions.TryGet(topicId, partition, out hosted)) return Online(hosted);
        if (metadata.Image.Topics.Find(topicId) is not { } topic) return ErrorCode.UnknownTopicId;
        return Missing(topic.Partition(partition));
    }

    private static ErrorCode Online(HostedPartition hosted) => hosted.Log.Directory.IsOffline ? ErrorCode.KafkaStorageError : ErrorCode.None;

    // A replica that this node should have and could not open lies in a directory that is offline.
    private ErrorCode Missing(PartitionRegistration? known) =>
        known is null ? ErrorCode.UnknownTopicOrPartition
        : known.Replicas.Contains(nodeId) ? ErrorCode.KafkaStorageError
        : ErrorCode.NotLeaderOrFollower;
}
