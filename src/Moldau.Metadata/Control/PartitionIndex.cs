using Moldau.Metadata.Image;
using Moldau.Protocol;

namespace Moldau.Metadata.Control;

/// <summary>A partition by its topic's id. Ordered, so that no hash shows in the order of records.</summary>
internal readonly record struct TopicIdPartition(Uuid TopicId, int Partition) : IComparable<TopicIdPartition>
{
    public int CompareTo(TopicIdPartition other)
    {
        int byTopic = TopicId.CompareTo(other.TopicId);
        return byTopic != 0 ? byTopic : Partition.CompareTo(other.Partition);
    }
}

/// <summary>
/// Which partitions a broker or directory concerns: derived from the topics image, kept up with every replayed record, rebuilt when the image is reverted.
/// Without it, fencing a broker would walk every partition of the cluster.
/// </summary>
internal sealed class PartitionIndex
{
    private static readonly SortedSet<TopicIdPartition> Nothing = [];

    private readonly Dictionary<int, SortedSet<TopicIdPartition>> byIsr = [];
    private readonly Dictionary<int, SortedSet<TopicIdPartition>> byElr = [];
    private readonly Dictionary<int, SortedSet<TopicIdPartition>> byLeader = [];
    private readonly Dictionary<Uuid, SortedSet<TopicIdPartition>> byDirectory = [];
    private readonly Dictionary<string, SortedSet<string>> byUnifiedName = [];

    /// <summary>Partitions whose leader is not the preferred one.</summary>
    internal SortedSet<TopicIdPartition> Imbalanced { get; } = [];

    /// <summary>Partitions with a reassignment under way.</summary>
    internal SortedSet<TopicIdPartition> Reassigning { get; } = [];

    /// <summary>Partitions without a leader.</summary>
    internal IReadOnlyCollection<TopicIdPartition> Leaderless => Led(PartitionRegistration.NoLeader);

    internal IReadOnlyCollection<TopicIdPartition> InIsr(int broker) => byIsr.GetValueOrDefault(broker, Nothing);

    internal IReadOnlyCollection<TopicIdPartition> InElr(int broker) => byElr.GetValueOrDefault(broker, Nothing);

    internal IReadOnlyCollection<TopicIdPartition> Led(int broker) => byLeader.GetValueOrDefault(broker, Nothing);

    internal IReadOnlyCollection<TopicIdPartition> InDirectory(Uuid directory) => byDirectory.GetValueOrDefault(directory, Nothing);

    /// <summary>A topic whose name metrics could not tell from <paramref name="name"/>; null when there is none.</summary>
    internal string? Colliding(string name) => byUnifiedName.TryGetValue(TopicNames.Unify(name), out SortedSet<string>? names) ? names.Min : null;

    /// <summary>Takes a topic's move from one state to another into account; null: it does not exist.</summary>
    internal void Update(TopicImage? before, TopicImage? after)
    {
        if (ReferenceEquals(before, after)) return;
        if (before is null) UpdateName(after!.Name, true);
        if (after is null) UpdateName(before!.Name, false);
        Uuid id = (before ?? after)!.Id;
        foreach ((int number, PartitionRegistration old) in before?.Partitions ?? after!.Partitions.Clear())
        {
            if (after?.Partition(number) is null) Update(new TopicIdPartition(id, number), old, null);
        }

        if (after is null) return;
        foreach ((int number, PartitionRegistration now) in after.Partitions) Update(new TopicIdPartition(id, number), before?.Partition(number), now);
    }

    /// <summary>Takes a partition's move into account.</summary>
    internal void Update(TopicIdPartition partition, PartitionRegistration? before, PartitionRegistration? after)
    {
        if (ReferenceEquals(before, after)) return;
        if (before is not null)
        {
            foreach (int broker in before.Isr) Remove(byIsr, broker, partition);
            foreach (int broker in before.Elr) Remove(byElr, broker, partition);
            foreach (Uuid directory in before.Directories) Remove(byDirectory, directory, partition);
            Remove(byLeader, before.Leader, partition);
            Imbalanced.Remove(partition);
            Reassigning.Remove(partition);
        }

        if (after is null) return;
        foreach (int broker in after.Isr) Add(byIsr, broker, partition);
        foreach (int broker in after.Elr) Add(byElr, broker, partition);
        foreach (Uuid directory in after.Directories) Add(byDirectory, directory, partition);
        Add(byLeader, after.Leader, partition);
        if (!after.HasPreferredLeader) Imbalanced.Add(partition);
        if (after.IsReassigning) Reassigning.Add(partition);
    }

    /// <summary>Starts over from an image.</summary>
    internal void Rebuild(TopicsImage topics)
    {
        byIsr.Clear();
        byElr.Clear();
        byLeader.Clear();
        byDirectory.Clear();
        byUnifiedName.Clear();
        Imbalanced.Clear();
        Reassigning.Clear();
        foreach (TopicImage topic in topics.All) Update(null, topic);
    }

    private void UpdateName(string name, bool exists)
    {
        if (!TopicNames.HasCollisionCharacters(name)) return;
        string unified = TopicNames.Unify(name);
        if (exists)
        {
            if (!byUnifiedName.TryGetValue(unified, out SortedSet<string>? names)) byUnifiedName[unified] = names = new SortedSet<string>(StringComparer.Ordinal);
            names.Add(name);
        }
        else if (byUnifiedName.TryGetValue(unified, out SortedSet<string>? names) && names.Remove(name) && names.Count == 0)
        {
            byUnifiedName.Remove(unified);
        }
    }

    private static void Add<TKey>(Dictionary<TKey, SortedSet<TopicIdPartition>> map, TKey key, TopicIdPartition partition) where TKey : notnull
    {
        if (!map.TryGetValue(key, out SortedSet<TopicIdPartition>? set)) map[key] = set = [];
        set.Add(partition);
    }

    private static void Remove<TKey>(Dictionary<TKey, SortedSet<TopicIdPartition>> map, TKey key, TopicIdPartition partition) where TKey : notnull
    {
        if (map.TryGetValue(key, out SortedSet<TopicIdPartition>? set) && set.Remove(partition) && set.Count == 0) map.Remove(key);
    }
}
