using Moldau.Protocol;

namespace Moldau.Client.Clusters;

/// <summary>What a client knows of its cluster at a moment. Immutable.</summary>
public sealed class ClusterSnapshot
{
    internal static readonly ClusterSnapshot Empty = new(null, -1, [], new Dictionary<string, TopicMetadata>());

    private readonly IReadOnlyDictionary<string, TopicMetadata> topics;

    internal ClusterSnapshot(string? clusterId, int controllerId, IReadOnlyList<BrokerEndpoint> brokers, IReadOnlyDictionary<string, TopicMetadata> topics)
    {
        ClusterId = clusterId;
        ControllerId = controllerId;
        Brokers = brokers;
        this.topics = topics;
    }

    /// <summary>The cluster's id; null before it is known.</summary>
    public string? ClusterId { get; }

    /// <summary>The broker that admin requests go to; -1 when unknown.</summary>
    public int ControllerId { get; }

    /// <summary>The brokers that are alive.</summary>
    public IReadOnlyList<BrokerEndpoint> Brokers { get; }

    /// <summary>The topics asked about so far, in no order.</summary>
    public IEnumerable<TopicMetadata> Topics => topics.Values;

    /// <summary>A broker by its id.</summary>
    public BrokerEndpoint? Broker(int id)
    {
        foreach (BrokerEndpoint broker in Brokers)
        {
            if (broker.Id == id) return broker;
        }

        return null;
    }

    /// <summary>A topic by its name; null when it was not asked about.</summary>
    public TopicMetadata? Topic(string name) => topics.GetValueOrDefault(name);

    /// <summary>A partition; null when it is not known.</summary>
    public PartitionMetadata? Partition(TopicPartition partition) => Topic(partition.Topic)?.Partition(partition.Partition);

    /// <summary>The broker that leads a partition; null when it has no leader, or none that is known.</summary>
    public BrokerEndpoint? LeaderOf(TopicPartition partition) => Partition(partition) is { LeaderId: >= 0 } known ? Broker(known.LeaderId) : null;

    internal IReadOnlyDictionary<string, TopicMetadata> TopicTable => topics;
}

/// <summary>A broker's address.</summary>
/// <param name="Id">Its node id; negative for a bootstrap address whose id is not known yet.</param>
/// <param name="Host">Where it listens.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Rack">Its rack, if it has one.</param>
public sealed record BrokerEndpoint(int Id, string Host, int Port, string? Rack = null);

/// <summary>A topic as the cluster describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; zero when the broker does not tell.</param>
/// <param name="Error"><see cref="ErrorCode.None"/>, or why the topic cannot be used.</param>
/// <param name="IsInternal">Whether Kafka keeps its own state in it.</param>
/// <param name="Partitions">In the order of their numbers.</param>
public sealed record TopicMetadata(string Name, Uuid Id, ErrorCode Error, bool IsInternal, IReadOnlyList<PartitionMetadata> Partitions)
{
    /// <summary>A partition by its number.</summary>
    public PartitionMetadata? Partition(int number)
    {
        if (number >= 0 && number < Partitions.Count && Partitions[number].Number == number) return Partitions[number];
        foreach (PartitionMetadata partition in Partitions)
        {
            if (partition.Number == number) return partition;
        }

        return null;
    }
}

/// <summary>A partition as the cluster describes it.</summary>
/// <param name="Number">Its number in the topic.</param>
/// <param name="Error"><see cref="ErrorCode.None"/>, or what is wrong.</param>
/// <param name="LeaderId">The leader's node id; -1 when there is none.</param>
/// <param name="LeaderEpoch">The leader's term; -1 when the broker does not tell.</param>
/// <param name="Replicas">Node ids.</param>
/// <param name="Isr">Node ids of the replicas in sync.</param>
/// <param name="Offline">Node ids of the replicas that are not there.</param>
public sealed record PartitionMetadata(
    int Number, ErrorCode Error, int LeaderId, int LeaderEpoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> Isr, IReadOnlyList<int> Offline);
