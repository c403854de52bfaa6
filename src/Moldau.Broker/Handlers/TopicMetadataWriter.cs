using System.Collections.Immutable;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>Writes what the image knows of a topic into a Metadata response, as seen from one listener.</summary>
internal readonly struct TopicMetadataWriter(MetadataImage image, string listener, short version)
{
    public void Write(MetadataResponse.MetadataResponseTopic answer, TopicImage topic)
    {
        answer.Name = topic.Name;
        answer.TopicId = topic.Id;
        answer.IsInternal = TopicNames.IsInternal(topic.Name);
        foreach ((int number, PartitionRegistration partition) in topic.Partitions)
        {
            MetadataResponse.MetadataResponsePartition entry = answer.Partitions.Add();
            ErrorCode error = Availability(image, partition.Leader, listener);
            // Before version 6 clients do not know the finer error.
            if (error == ErrorCode.ListenerNotFound && version < 6) error = ErrorCode.LeaderNotAvailable;
            entry.ErrorCode = (short)error;
            entry.PartitionIndex = number;
            entry.LeaderId = error == ErrorCode.None ? partition.Leader : PartitionRegistration.NoLeader;
            entry.LeaderEpoch = partition.LeaderEpoch;
            AddAll(entry.ReplicaNodes, partition.Replicas);
            AddAll(entry.IsrNodes, partition.Isr);
            AddOffline(entry.OfflineReplicas, image, partition, listener);
        }
    }

    /// <summary>NONE when clients of the listener can reach the leader; LEADER_NOT_AVAILABLE; LISTENER_NOT_FOUND when it is alive but not on that listener.</summary>
    public static ErrorCode Availability(MetadataImage image, int leader, string listener)
    {
        if (image.Cluster.Broker(leader) is not { Fenced: false } broker) return ErrorCode.LeaderNotAvailable;
        return MetadataCache.EndpointOf(broker, listener) is null ? ErrorCode.ListenerNotFound : ErrorCode.None;
    }

    /// <summary>Copies broker ids.</summary>
    public static void AddAll(MessageArray<int> target, ImmutableArray<int> brokers)
    {
        foreach (int broker in brokers) target.Add(broker);
    }

    /// <summary>The replicas that clients of the listener cannot reach, or that lie in a log directory that is offline.</summary>
    public static void AddOffline(MessageArray<int> target, MetadataImage image, PartitionRegistration partition, string listener)
    {
        foreach (int replica in partition.Replicas)
        {
            bool isReachable = Availability(image, replica, listener) == ErrorCode.None;
            if (!isReachable || !image.Cluster.Broker(replica)!.HasOnlineDirectory(partition.DirectoryOf(replica) ?? Uuid.UnassignedDirectory)) target.Add(replica);
        }
    }
}
