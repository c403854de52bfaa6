using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>A topic and its partitions. Immutable.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">The id, new with every creation.</param>
/// <param name="Partitions">By number.</param>
public sealed record TopicImage(string Name, Uuid Id, ImmutableSortedDictionary<int, PartitionRegistration> Partitions)
{
    /// <summary>A partition; null when there is none of that number.</summary>
    public PartitionRegistration? Partition(int number) => Partitions.GetValueOrDefault(number);
}

/// <summary>All topics, by name and by id. Immutable; a change copies a path of a tree, whatever the number of partitions.</summary>
public sealed class TopicsImage
{
    /// <summary>No topics.</summary>
    public static readonly TopicsImage Empty = new(ImmutableSortedDictionary.Create<string, Uuid>(StringComparer.Ordinal), ImmutableDictionary<Uuid, TopicImage>.Empty);

    // The id map is hashed and never enumerated: what shows an order goes by name.
    private readonly ImmutableDictionary<Uuid, TopicImage> byId;

    private TopicsImage(ImmutableSortedDictionary<string, Uuid> ids, ImmutableDictionary<Uuid, TopicImage> byId)
    {
        Ids = ids;
        this.byId = byId;
    }

    /// <summary>The id of each name, in ordinal order of name.</summary>
    public ImmutableSortedDictionary<string, Uuid> Ids { get; }

    /// <summary>Number of topics.</summary>
    public int Count => Ids.Count;

    /// <summary>Every topic, in ordinal order of name.</summary>
    public IEnumerable<TopicImage> All => Ids.Values.Select(id => byId[id]);

    /// <summary>The topic of a name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TopicImage? topic)
    {
        topic = null;
        return Ids.TryGetValue(name, out Uuid id) && byId.TryGetValue(id, out topic);
    }

    /// <summary>The topic of an id.</summary>
    public bool TryGet(Uuid id, [NotNullWhen(true)] out TopicImage? topic) => byId.TryGetValue(id, out topic);

    /// <summary>The topic of a name; null when there is none.</summary>
    public TopicImage? Find(string name) => TryGet(name, out TopicImage? topic) ? topic : null;

    /// <summary>The topic of an id; null when there is none.</summary>
    public TopicImage? Find(Uuid id) => byId.GetValueOrDefault(id);

    /// <summary>A partition; null when there is none.</summary>
    public PartitionRegistration? Partition(Uuid topicId, int number) => Find(topicId)?.Partition(number);

    internal TopicsImage Replay(TopicRecord record)
    {
        if (Ids.TryGetValue(record.Name, out Uuid existing))
        {
            throw new MetadataReplayException($"TopicRecord for {record.Name} with id {record.TopicId}: the topic exists with id {existing}");
        }

        var topic = new TopicImage(record.Name, record.TopicId, ImmutableSortedDictionary<int, PartitionRegistration>.Empty);
        return new TopicsImage(Ids.Add(record.Name, record.TopicId), byId.Add(record.TopicId, topic));
    }

    internal TopicsImage Replay(PartitionRecord record) =>
        With(Existing(record.TopicId, nameof(PartitionRecord)), record.PartitionId, PartitionRegistration.From(record));

    internal TopicsImage Replay(PartitionChangeRecord record)
    {
        TopicImage topic = Existing(record.TopicId, nameof(PartitionChangeRecord));
        PartitionRegistration partition = topic.Partition(record.PartitionId)
            ?? throw new MetadataReplayException($"PartitionChangeRecord for {topic.Name}-{record.PartitionId}, which does not exist");
        return With(topic, record.PartitionId, partition.Merge(record));
    }

    internal TopicsImage Replay(RemoveTopicRecord record, out string name)
    {
        TopicImage topic = Existing(record.TopicId, nameof(RemoveTopicRecord));
        name = topic.Name;
        return new TopicsImage(Ids.Remove(topic.Name), byId.Remove(topic.Id));
    }

    internal TopicsImage Replay(ClearElrRecord record)
    {
        if (record.TopicName.Length > 0)
        {
            return WithoutElr(Find(record.TopicName) ?? throw new MetadataReplayException($"ClearElrRecord for topic {record.TopicName}, which does not exist"));
        }

        TopicsImage image = this;
        foreach (TopicImage topic in All) image = image.WithoutElr(topic);
        return image;
    }

    private TopicsImage WithoutElr(TopicImage topic)
    {
        ImmutableSortedDictionary<int, PartitionRegistration>.Builder partitions = topic.Partitions.ToBuilder();
        foreach ((int number, PartitionRegistration partition) in topic.Partitions) partitions[number] = partition.WithoutElr();
        return new TopicsImage(Ids, byId.SetItem(topic.Id, topic with { Partitions = partitions.ToImmutable() }));
    }

    private TopicsImage With(TopicImage topic, int number, PartitionRegistration partition) =>
        new(Ids, byId.SetItem(topic.Id, topic with { Partitions = topic.Partitions.SetItem(number, partition) }));

    private TopicImage Existing(Uuid id, string record) =>
        Find(id) ?? throw new MetadataReplayException($"{record} for topic id {id}, which does not exist");
}
