using System.Diagnostics.CodeAnalysis;
using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>Offsets by group, topic and partition. What is listed comes in order of name and number.</summary>
internal sealed class OffsetMap
{
    private readonly Dictionary<string, SortedDictionary<string, SortedDictionary<int, CommittedOffset>>> groups = new(StringComparer.Ordinal);

    /// <summary>The groups that have offsets, in no order.</summary>
    public IReadOnlyCollection<string> Groups => groups.Keys;

    public bool IsEmpty => groups.Count == 0;

    public bool HasGroup(string groupId) => groups.ContainsKey(groupId);

    public bool TryGet(string groupId, string topic, int partition, [NotNullWhen(true)] out CommittedOffset? offset)
    {
        offset = null;
        return groups.TryGetValue(groupId, out var topics) && topics.TryGetValue(topic, out var partitions)
            && partitions.TryGetValue(partition, out offset);
    }

    public void Put(string groupId, TopicPartition partition, CommittedOffset offset)
    {
        if (!groups.TryGetValue(groupId, out var topics)) groups.Add(groupId, topics = new(StringComparer.Ordinal));
        if (!topics.TryGetValue(partition.Topic, out var partitions)) topics.Add(partition.Topic, partitions = []);
        partitions[partition.Partition] = offset;
    }

    public void Remove(string groupId, TopicPartition partition)
    {
        if (!groups.TryGetValue(groupId, out var topics) || !topics.TryGetValue(partition.Topic, out var partitions)) return;
        partitions.Remove(partition.Partition);
        if (partitions.Count == 0) topics.Remove(partition.Topic);
        if (topics.Count == 0) groups.Remove(groupId);
    }

    /// <summary>A group's offsets by topic, then partition.</summary>
    public IEnumerable<(string Topic, SortedDictionary<int, CommittedOffset> Partitions)> Topics(string groupId)
    {
        if (!groups.TryGetValue(groupId, out var topics)) yield break;
        foreach (var (topic, partitions) in topics) yield return (topic, partitions);
    }

    /// <summary>A group's offsets one by one.</summary>
    public IEnumerable<(TopicPartition Partition, CommittedOffset Offset)> Offsets(string groupId)
    {
        foreach (var (topic, partitions) in Topics(groupId))
        {
            foreach (var (partition, offset) in partitions) yield return (new TopicPartition(topic, partition), offset);
        }
    }
}
