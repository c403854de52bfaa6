using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Fetching;

/// <summary>
/// The node's fetch sessions, as many as <c>max.incremental.fetch.session.cache.slots</c>. A new session takes the place of one that has not been used for two
/// minutes, or of a smaller one that is older than that; a follower's takes a consumer's. Without a place the client simply has no session. Thread-safe.
/// </summary>
internal sealed class FetchSessionCache
{
    /// <summary>How long an unused session is safe from eviction, and a used one from a larger one. Kafka's value.</summary>
    public static readonly TimeSpan EvictionAge = TimeSpan.FromMinutes(2);

    private readonly IScheduler scheduler;
    private readonly int capacity;
    private readonly Lock gate = new();
    private readonly Dictionary<int, FetchSession> byId = [];

    /// <summary>A cache of a number of slots. Kafka splits the cache eight ways: fewer than eight slots are none.</summary>
    public FetchSessionCache(IScheduler scheduler, int slots)
    {
        this.scheduler = scheduler;
        capacity = slots / 8 * 8;
    }

    /// <summary>Sessions in the cache.</summary>
    public int Count
    {
        get
        {
            lock (gate) return byId.Count;
        }
    }

    public bool TryGet(int id, [NotNullWhen(true)] out FetchSession? session)
    {
        lock (gate)
        {
            if (!byId.TryGetValue(id, out session)) return false;
            session.LastUsed = scheduler.Time.GetTimestamp();
            return true;
        }
    }

    public void Remove(int id)
    {
        lock (gate) byId.Remove(id);
    }

    /// <summary>A new session for a fetch of <paramref name="size"/> partitions; null when there is no place for it.</summary>
    public FetchSession? TryCreate(bool usesTopicIds, bool isFollower, int size)
    {
        long now = scheduler.Time.GetTimestamp();
        lock (gate)
        {
            if (byId.Count >= capacity && !TryEvict(isFollower, size, now)) return null;
            var session = new FetchSession(NewId(), usesTopicIds, isFollower) { CreatedAt = now, LastUsed = now };
            byId.Add(session.Id, session);
            return session;
        }
    }

    private bool TryEvict(bool isFollower, int size, long now)
    {
        FetchSession? oldest = null, least = null;
        foreach (FetchSession session in byId.Values)
        {
            if (oldest is null || session.LastUsed < oldest.LastUsed) oldest = session;
            if (IsEvictable(session, isFollower, now) && (least is null || IsWorthLess(session, least))) least = session;
        }

        if (oldest is not null && IsOld(oldest.LastUsed, now))
        {
            byId.Remove(oldest.Id);
            return true;
        }

        if (least is null) return false;
        bool gives = (isFollower && !least.IsFollower) || least.Count < size;
        if (gives) byId.Remove(least.Id);
        return gives;
    }

    private bool IsEvictable(FetchSession session, bool forFollower, long now) =>
        (forFollower && !session.IsFollower) || (session.IsFollower == forFollower && IsOld(session.CreatedAt, now));

    private static bool IsWorthLess(FetchSession one, FetchSession other) =>
        one.IsFollower != other.IsFollower ? !one.IsFollower : one.Count < other.Count;

    private bool IsOld(long timestamp, long now) => scheduler.Time.GetElapsedTime(timestamp, now) > EvictionAge;

    private int NewId()
    {
        Span<byte> random = stackalloc byte[sizeof(int)];
        while (true)
        {
            scheduler.FillRandom(random);
            int id = BinaryPrimitives.ReadInt32LittleEndian(random) & int.MaxValue;
            if (id != FetchEpochs.NoSession && !byId.ContainsKey(id)) return id;
        }
    }
}
