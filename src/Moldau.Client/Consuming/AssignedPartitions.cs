using Moldau.Protocol;

namespace Moldau.Client.Consuming;

/// <summary>The partitions that a consumer reads, in a stable order. Belongs to whoever calls the consumer.</summary>
internal sealed class AssignedPartitions
{
    private readonly Dictionary<TopicPartition, AssignedPartition> byName = [];

    public IReadOnlyCollection<AssignedPartition> All => byName.Values;

    public List<TopicPartition> Names => [.. byName.Keys];

    /// <summary>A partition.</summary>
    /// <exception cref="InvalidOperationException">It is not assigned.</exception>
    public AssignedPartition this[TopicPartition partition] =>
        byName.TryGetValue(partition, out AssignedPartition? found) ? found : throw new InvalidOperationException($"{partition} is not assigned to this consumer");

    /// <summary>Whether it is still read: a partition that was taken away and came back is another one.</summary>
    public bool Has(AssignedPartition partition) => byName.TryGetValue(partition.Partition, out AssignedPartition? found) && found == partition;

    public bool Has(TopicPartition partition) => byName.ContainsKey(partition);

    public void Add(TopicPartition partition) => byName.TryAdd(partition, new AssignedPartition(partition));

    public void Remove(TopicPartition partition) => byName.Remove(partition);

    public void Clear() => byName.Clear();
}
