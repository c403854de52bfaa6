namespace Moldau.Raft.Roles;

/// <summary>How far a replica's log is known to agree with the leader's.</summary>
internal sealed class ReplicaProgress(ReplicaKey key)
{
    public ReplicaKey Key { get; } = key;

    /// <summary>Its durable log end; -1 before its first fetch in this epoch.</summary>
    public long EndOffset { get; private set; } = -1;

    /// <summary>When it last fetched; -1 never.</summary>
    public long LastFetchMs { get; private set; } = -1;

    /// <summary>When its log was last as long as the leader's; -1 never.</summary>
    public long LastCaughtUpMs { get; private set; } = -1;

    private long leaderEndAtLastFetch = -1;

    /// <summary>The leader's own progress.</summary>
    public void Advance(long endOffset) => EndOffset = Math.Max(EndOffset, endOffset);

    /// <summary>A fetch from <paramref name="fetchOffset"/>: everything below is durable there.</summary>
    public void Fetched(long fetchOffset, long leaderEnd, long nowMs)
    {
        // Having reached the end of the previous fetch's moment means having been caught up then (as a replica's ISR lag is measured).
        if (fetchOffset >= leaderEnd) LastCaughtUpMs = Math.Max(LastCaughtUpMs, nowMs);
        else if (LastFetchMs >= 0 && fetchOffset >= leaderEndAtLastFetch) LastCaughtUpMs = Math.Max(LastCaughtUpMs, LastFetchMs);
        LastFetchMs = Math.Max(LastFetchMs, nowMs);
        leaderEndAtLastFetch = leaderEnd;
        EndOffset = fetchOffset;
    }
}
