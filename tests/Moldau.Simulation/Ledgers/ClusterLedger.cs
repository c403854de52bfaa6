using Moldau.Protocol;
using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Ledgers;

/// <summary>What all clients together know of the cluster. Kept by the scenario, outside the node: a restart of the node does not make it forget.</summary>
internal sealed class ClusterLedger
{
    private readonly SortedDictionary<string, Uuid> topics = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Partition, PartitionLedger> partitions = [];
    private readonly SortedDictionary<long, string> producerIds = [];

    /// <summary>Called after each acknowledgement that a producer gets.</summary>
    public event Action? Acknowledged;

    /// <summary>What is known of each partition that somebody used.</summary>
    public IReadOnlyDictionary<Partition, PartitionLedger> Partitions => partitions;

    /// <summary>What is known of a partition.</summary>
    public PartitionLedger Of(Partition partition)
    {
        if (partitions.TryGetValue(partition, out PartitionLedger? known)) return known;
        partitions.Add(partition, known = new PartitionLedger(partition.ToString()));
        known.Acknowledged += () => Acknowledged?.Invoke();
        return known;
    }

    /// <summary>The node has shown a topic: it is there for good, under this id.</summary>
    public void TopicSeen(string topic, Uuid id)
    {
        if (!topics.TryAdd(topic, id) && topics[topic] != id) throw new BrokenPromiseException($"topic {topic} has the id {id}, and had {topics[topic]} before");
    }

    /// <summary>Whether the node has shown a topic to somebody.</summary>
    public bool Knows(string topic) => topics.ContainsKey(topic);

    /// <summary>A producer was given an id.</summary>
    public void ProducerIdGiven(long id, string producer)
    {
        if (!producerIds.TryAdd(id, producer)) throw new BrokenPromiseException($"{producer} gets producer id {id}, which {producerIds[id]} has");
    }
}
