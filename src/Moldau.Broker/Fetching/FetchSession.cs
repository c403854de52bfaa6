using Moldau.Protocol;

namespace Moldau.Broker.Fetching;

/// <summary>
/// A client's standing fetch (KIP-227): the partitions it asked for, in the order in which they are read, so that later requests name changes only. Partitions that
/// returned records go to the end of the order, for fairness. Guarded by its own lock while a request uses it.
/// </summary>
internal sealed class FetchSession(int id, bool usesTopicIds, bool isFollower)
{
    private readonly Dictionary<FetchKey, FetchTarget> byKey = [];
    private FetchTarget? first, last;

    /// <summary>The session's number, never 0.</summary>
    public int Id { get; } = id;

    /// <summary>Whether its requests give topic ids (v13+) or names; it cannot change from one to the other.</summary>
    public bool UsesTopicIds { get; } = usesTopicIds;

    /// <summary>Whether a broker holds it: then consumers' sessions give way to it.</summary>
    public bool IsFollower { get; } = isFollower;

    /// <summary>The epoch that the next request must carry.</summary>
    public int Epoch { get; set; } = FetchEpochs.Next(FetchEpochs.Initial);

    /// <summary>Timestamps for eviction.</summary>
    public long CreatedAt { get; init; }

    /// <inheritdoc cref="CreatedAt"/>
    public long LastUsed { get; set; }

    /// <summary>Partitions when it was last used: larger sessions are worth more.</summary>
    public int Count => byKey.Count;

    /// <summary>The first partition in reading order; the others follow by <see cref="FetchTarget.Next"/>.</summary>
    public FetchTarget? First => first;

    /// <summary>Guards the session while one request reads or changes it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether a request is being answered from it: a second one at the same time is a client's mistake.</summary>
    public bool IsInUse { get; set; }

    /// <summary>The partition, added at the end of the order if it is new.</summary>
    public FetchTarget GetOrAdd(string? topic, Uuid topicId, int partition)
    {
        var key = new FetchKey(UsesTopicIds ? null : topic, topicId, partition);
        if (byKey.TryGetValue(key, out FetchTarget? target)) return target;
        target = new FetchTarget { Topic = topic, TopicId = topicId, Partition = partition };
        byKey.Add(key, target);
        Append(target);
        return target;
    }

    /// <summary>Forgets a partition.</summary>
    public void Remove(string? topic, Uuid topicId, int partition)
    {
        if (byKey.Remove(new FetchKey(UsesTopicIds ? null : topic, topicId, partition), out FetchTarget? target)) Unlink(target);
    }

    /// <summary>Puts a partition at the end of the order.</summary>
    public void MoveToEnd(FetchTarget target)
    {
        if (target == last) return;
        Unlink(target);
        Append(target);
    }

    private void Append(FetchTarget target)
    {
        target.Previous = last;
        target.Next = null;
        if (last is null) first = target;
        else last.Next = target;
        last = target;
    }

    private void Unlink(FetchTarget target)
    {
        if (target.Previous is null) first = target.Next;
        else target.Previous.Next = target.Next;
        if (target.Next is null) last = target.Previous;
        else target.Next.Previous = target.Previous;
        target.Previous = target.Next = null;
    }
}

/// <summary>The session epochs with a meaning of their own (KIP-227).</summary>
internal static class FetchEpochs
{
    /// <summary>A full fetch that asks for a new session.</summary>
    public const int Initial = 0;

    /// <summary>A full fetch without session; ends the one it names.</summary>
    public const int Final = -1;

    /// <summary>The id of "no session".</summary>
    public const int NoSession = 0;

    /// <summary>The epoch after this one; wraps to 1, since 0 means something else.</summary>
    public static int Next(int epoch) => epoch == int.MaxValue ? 1 : epoch + 1;
}
