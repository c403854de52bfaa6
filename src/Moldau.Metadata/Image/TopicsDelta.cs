using System.Collections.Immutable;
using Moldau.Protocol;

namespace Moldau.Metadata.Image;

/// <summary>A partition that changed.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="TopicId">The topic's id.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="Before">Null when it is new.</param>
/// <param name="After">Null when it is gone.</param>
public sealed record PartitionChange(string Topic, Uuid TopicId, int Partition, PartitionRegistration? Before, PartitionRegistration? After);

/// <summary>What a broker has to do about a delta. Each partition is in at most one of the lists.</summary>
/// <param name="Leaders">Partitions that it leads, where the leader, its epoch or anything else of the partition changed.</param>
/// <param name="Followers">Partitions that it follows, likewise.</param>
/// <param name="Deletes">Partitions of which it no longer holds a replica.</param>
public sealed record LocalReplicaChanges(ImmutableArray<PartitionChange> Leaders, ImmutableArray<PartitionChange> Followers, ImmutableArray<PartitionChange> Deletes);

/// <summary>The difference between two images' topics.</summary>
/// <param name="Created">Topics that are new, in order of id. A topic deleted and created anew counts as both.</param>
/// <param name="Deleted">Topics that are gone, in order of id.</param>
/// <param name="Partitions">Every partition that is new, changed or gone, in order of topic id and number.</param>
public sealed record TopicsDelta(ImmutableArray<TopicImage> Created, ImmutableArray<TopicImage> Deleted, ImmutableArray<PartitionChange> Partitions)
{
    /// <summary>Nothing changed.</summary>
    public static readonly TopicsDelta None = new([], [], []);

    /// <summary>What the broker has to do.</summary>
    public LocalReplicaChanges LocalChanges(int broker)
    {
        var leaders = ImmutableArray.CreateBuilder<PartitionChange>();
        var followers = ImmutableArray.CreateBuilder<PartitionChange>();
        var deletes = ImmutableArray.CreateBuilder<PartitionChange>();
        foreach (PartitionChange change in Partitions)
        {
            bool holds = change.After?.Replicas.Contains(broker) ?? false;
            bool held = change.Before?.Replicas.Contains(broker) ?? false;
            if (!holds)
            {
                if (held) deletes.Add(change);
            }
            else if (change.After!.Leader == broker)
            {
                leaders.Add(change);
            }
            else
            {
                followers.Add(change);
            }
        }

        return new LocalReplicaChanges(leaders.ToImmutable(), followers.ToImmutable(), deletes.ToImmutable());
    }

    internal static TopicsDelta Between(TopicsImage before, TopicsImage after, IEnumerable<Uuid> touched)
    {
        var created = ImmutableArray.CreateBuilder<TopicImage>();
        var deleted = ImmutableArray.CreateBuilder<TopicImage>();
        var partitions = ImmutableArray.CreateBuilder<PartitionChange>();
        foreach (Uuid id in touched)
        {
            TopicImage? old = before.Find(id), now = after.Find(id);
            if (ReferenceEquals(old, now)) continue;
            if (old is null) created.Add(now!);
            if (now is null) deleted.Add(old!);
            AddPartitions(old, now, partitions);
        }

        return new TopicsDelta(created.ToImmutable(), deleted.ToImmutable(), partitions.ToImmutable());
    }

    private static void AddPartitions(TopicImage? old, TopicImage? now, ImmutableArray<PartitionChange>.Builder changes)
    {
        TopicImage topic = (now ?? old)!;
        var numbers = new SortedSet<int>(old?.Partitions.Keys ?? []);
        if (now is not null) numbers.UnionWith(now.Partitions.Keys);
        foreach (int number in numbers)
        {
            PartitionRegistration? before = old?.Partition(number), after = now?.Partition(number);
            if (!Equals(before, after)) changes.Add(new PartitionChange(topic.Name, topic.Id, number, before, after));
        }
    }
}
