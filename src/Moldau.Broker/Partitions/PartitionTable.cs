using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Moldau.Protocol;

namespace Moldau.Broker.Partitions;

/// <summary>The partitions this node holds, by topic name and by topic id. Read from every request without a lock; changed by the metadata publisher alone.</summary>
internal sealed class PartitionTable
{
    private readonly ConcurrentDictionary<string, HostedTopic> byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Uuid, HostedTopic> byId = new();

    /// <summary>Every hosted partition, by topic and number: a node does the same things in the same order whatever its hash codes are.</summary>
    public IEnumerable<HostedPartition> All =>
        byName.Values.OrderBy(static topic => topic.Name, StringComparer.Ordinal).SelectMany(static topic => topic.Partitions).OfType<HostedPartition>();

    /// <summary>The partition of a name and number.</summary>
    public bool TryGet(string topic, int partition, [NotNullWhen(true)] out HostedPartition? found)
    {
        found = byName.TryGetValue(topic, out HostedTopic? hosted) ? hosted.Find(partition) : null;
        return found is not null;
    }

    /// <summary>The partition of a topic id and number.</summary>
    public bool TryGet(Uuid topicId, int partition, [NotNullWhen(true)] out HostedPartition? found)
    {
        found = byId.TryGetValue(topicId, out HostedTopic? hosted) ? hosted.Find(partition) : null;
        return found is not null;
    }

    /// <summary>The partition of a log; null when the log is not served (the metadata log).</summary>
    public HostedPartition? Of(TopicPartition name) => TryGet(name.Topic, name.Partition, out HostedPartition? found) ? found : null;

    /// <summary>Adds a partition, in place of one of the same name.</summary>
    public void Add(HostedPartition partition)
    {
        HostedTopic topic = byName.TryGetValue(partition.Name.Topic, out HostedTopic? known) && known.Id == partition.TopicId
            ? known
            : new HostedTopic(partition.Name.Topic, partition.TopicId, []);
        topic = topic.With(partition);
        byName[topic.Name] = topic;
        byId[topic.Id] = topic;
    }

    /// <summary>Takes a partition out, and returns it; null when it is not there.</summary>
    public HostedPartition? Remove(Uuid topicId, int partition)
    {
        if (!byId.TryGetValue(topicId, out HostedTopic? topic) || topic.Find(partition) is not { } removed) return null;
        HostedTopic rest = topic.Without(partition);
        bool isCurrent = byName.TryGetValue(topic.Name, out HostedTopic? named) && named.Id == topicId;
        if (rest.IsEmpty)
        {
            byId.TryRemove(topicId, out _);
            if (isCurrent) byName.TryRemove(topic.Name, out _);
        }
        else
        {
            byId[topicId] = rest;
            if (isCurrent) byName[topic.Name] = rest;
        }

        return removed;
    }

    // Immutable, so that readers need no lock.
    private sealed record HostedTopic(string Name, Uuid Id, HostedPartition?[] Partitions)
    {
        public bool IsEmpty => Array.TrueForAll(Partitions, partition => partition is null);

        public HostedPartition? Find(int partition) => (uint)partition < (uint)Partitions.Length ? Partitions[partition] : null;

        public HostedTopic With(HostedPartition partition)
        {
            var all = new HostedPartition?[Math.Max(Partitions.Length, partition.Name.Partition + 1)];
            Partitions.CopyTo(all, 0);
            all[partition.Name.Partition] = partition;
            return this with { Partitions = all };
        }

        public HostedTopic Without(int partition)
        {
            var rest = (HostedPartition?[])Partitions.Clone();
            rest[partition] = null;
            return this with { Partitions = rest };
        }
    }
}
