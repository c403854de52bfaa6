namespace Moldau.Storage.Producers;

/// <summary>
/// Transactions that keep the last stable offset back: those without a marker, and those whose marker is not below the high watermark yet.
/// Owned by the log, changed under its lock.
/// </summary>
internal sealed class OpenTransactions
{
    private readonly SortedDictionary<long, long> ongoing = [];
    private readonly SortedDictionary<long, long> unreplicated = [];

    /// <summary>The first offset of the first of them; -1 when there is none.</summary>
    public long FirstUnstableOffset
    {
        get
        {
            long open = First(ongoing), decided = First(unreplicated);
            return open < 0 ? decided : decided < 0 ? open : Math.Min(open, decided);
        }
    }

    /// <summary>Transactions without a marker.</summary>
    public int Ongoing => ongoing.Count;

    /// <summary>A transaction begins.</summary>
    public void Begin(long firstOffset, long producerId) => ongoing[firstOffset] = producerId;

    /// <summary>
    /// A marker ends a transaction. Returns the last stable offset that holds once the marker is read: where the first of the others begins, or
    /// behind the marker.
    /// </summary>
    public long End(long firstOffset, long producerId, long markerOffset)
    {
        long stable = markerOffset + 1;
        foreach ((long first, long producer) in ongoing)
        {
            if (producer == producerId) continue;
            stable = first;
            break;
        }

        ongoing.Remove(firstOffset);
        unreplicated[firstOffset] = markerOffset;
        return stable;
    }

    /// <summary>Markers below an offset are settled.</summary>
    public void SettleBelow(long offset)
    {
        if (unreplicated.Count == 0) return;
        List<long>? settled = null;
        foreach ((long first, long marker) in unreplicated)
        {
            if (marker < offset) (settled ??= []).Add(first);
        }

        if (settled is null) return;
        foreach (long first in settled) unreplicated.Remove(first);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        ongoing.Clear();
        unreplicated.Clear();
    }

    private static long First(SortedDictionary<long, long> transactions)
    {
        foreach ((long first, _) in transactions) return first;
        return -1;
    }
}
