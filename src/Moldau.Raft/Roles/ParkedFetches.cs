using Moldau.Protocol;

namespace Moldau.Raft.Roles;

/// <summary>Fetches that wait at the leader for records or for news of the high watermark. Bounded.</summary>
internal sealed class ParkedFetches
{
    private readonly List<ParkedFetch> fetches = [];

    /// <summary>When the next one has waited long enough.</summary>
    public long DeadlineMs { get; private set; } = long.MaxValue;

    /// <summary>Parks a fetch; false when there are too many.</summary>
    public bool TryAdd(ParkedFetch fetch)
    {
        if (fetches.Count >= Limits.ParkedFetches) return false;
        fetches.Add(fetch);
        DeadlineMs = Math.Min(DeadlineMs, fetch.DeadlineMs);
        return true;
    }

    /// <summary>Takes out those that can be answered.</summary>
    public List<ParkedFetch> TakeReady(long logEnd, long highWatermark, long nowMs) =>
        Take(fetch => fetch.Request.FetchOffset < logEnd || fetch.Request.HighWatermark < highWatermark || fetch.DeadlineMs <= nowMs);

    /// <summary>Takes out all.</summary>
    public List<ParkedFetch> TakeAll() => Take(_ => true);

    private List<ParkedFetch> Take(Predicate<ParkedFetch> isReady)
    {
        List<ParkedFetch> ready = fetches.FindAll(isReady);
        if (ready.Count == 0) return ready;
        fetches.RemoveAll(isReady);
        DeadlineMs = fetches.Count == 0 ? long.MaxValue : fetches.Min(fetch => fetch.DeadlineMs);
        return ready;
    }
}

/// <summary>A fetch that waits.</summary>
internal readonly record struct ParkedFetch(long Token, RaftFetchRequest Request, long DeadlineMs);
