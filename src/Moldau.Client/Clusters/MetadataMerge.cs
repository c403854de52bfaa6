using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Clusters;

/// <summary>Makes the next snapshot of the last one and a Metadata response.</summary>
internal static class MetadataMerge
{
    public static ClusterSnapshot Merge(ClusterSnapshot last, MetadataResponse response)
    {
        List<BrokerEndpoint> brokers = [];
        foreach (MetadataResponse.MetadataResponseBroker broker in response.Brokers) brokers.Add(new BrokerEndpoint(broker.NodeId, broker.Host, broker.Port, broker.Rack));
        var topics = new Dictionary<string, TopicMetadata>(last.TopicTable, StringComparer.Ordinal);
        foreach (MetadataResponse.MetadataResponseTopic topic in response.Topics)
        {
            // Asked for by an id that no topic has: there is no name to keep it under.
            if (topic.Name is null) continue;
            topics[topic.Name] = Merge(last.Topic(topic.Name), topic);
        }

        // A broker that has just started may not know the others yet: an empty list would cut the client off.
        return new ClusterSnapshot(response.ClusterId, response.ControllerId, brokers.Count > 0 ? brokers : last.Brokers, topics);
    }

    public static TopicMetadata Of(MetadataResponse.MetadataResponseTopic topic) => Merge(null, topic);

    private static TopicMetadata Merge(TopicMetadata? last, MetadataResponse.MetadataResponseTopic topic)
    {
        // Of a topic that was deleted and made again the old epochs mean nothing.
        if (last is not null && last.Id != topic.TopicId) last = null;
        List<PartitionMetadata> partitions = [];
        foreach (MetadataResponse.MetadataResponsePartition partition in topic.Partitions)
        {
            PartitionMetadata read = Read(partition);
            PartitionMetadata? known = last?.Partition(read.Number);
            // A broker that lags behind may tell of a leader that is none any more (KIP-320).
            bool isStale = known is not null && read.LeaderEpoch >= 0 && read.LeaderEpoch < known.LeaderEpoch;
            partitions.Add(isStale ? known! : read);
        }

        partitions.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        return new TopicMetadata(topic.Name ?? "", topic.TopicId, (ErrorCode)topic.ErrorCode, topic.IsInternal, partitions);
    }

    private static PartitionMetadata Read(MetadataResponse.MetadataResponsePartition partition) =>
        new(partition.PartitionIndex, (ErrorCode)partition.ErrorCode, partition.LeaderId, partition.LeaderEpoch, [.. partition.ReplicaNodes], [.. partition.IsrNodes], [.. partition.OfflineReplicas]);
}
