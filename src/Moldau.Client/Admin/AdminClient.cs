using Moldau.Client.Clusters;
using Moldau.Protocol;

namespace Moldau.Client.Admin;

/// <summary>Administration of a cluster, by subject. Calls are retried while the failure may pass, for at most <see cref="ClientOptions.OperationTimeout"/>. Thread-safe.</summary>
public sealed class AdminClient
{
    internal AdminClient(Cluster cluster)
    {
        var requests = new AdminRequests(cluster);
        Topics = new TopicAdmin(requests);
        Configs = new ConfigAdmin(requests);
        Groups = new GroupAdmin(cluster, requests);
        Partitions = new PartitionAdmin(cluster);
        Cluster = new ClusterAdmin(cluster, requests);
        Features = new FeatureAdmin(requests);
        Quorum = new QuorumAdmin(requests);
        Replicas = new ReplicaAdmin(requests);
    }

    /// <summary>Topics: create, delete, describe, add partitions.</summary>
    public TopicAdmin Topics { get; }

    /// <summary>Configuration of topics, brokers, groups and client metrics.</summary>
    public ConfigAdmin Configs { get; }

    /// <summary>Groups, their members and committed offsets.</summary>
    public GroupAdmin Groups { get; }

    /// <summary>Partitions: offsets by time, producers, deletion of records.</summary>
    public PartitionAdmin Partitions { get; }

    /// <summary>The cluster: brokers, what they speak, log directories.</summary>
    public ClusterAdmin Cluster { get; }

    /// <summary>Feature levels.</summary>
    public FeatureAdmin Features { get; }

    /// <summary>The metadata quorum and its voters.</summary>
    public QuorumAdmin Quorum { get; }

    /// <summary>Replicas: elections and reassignments.</summary>
    public ReplicaAdmin Replicas { get; }
}

/// <summary>What came of one item of an admin call.</summary>
/// <param name="Name">The item: a topic, a group, a resource.</param>
/// <param name="Error"><see cref="ErrorCode.None"/> when it was done.</param>
/// <param name="Message">What the broker says in words, if anything.</param>
public sealed record ItemResult(string Name, ErrorCode Error, string? Message)
{
    /// <summary>Throws unless the item was done.</summary>
    /// <exception cref="KafkaException">It was not.</exception>
    public void ThrowIfFailed()
    {
        if (Error != ErrorCode.None) throw KafkaException.Of(Error, Name, Message);
    }
}
