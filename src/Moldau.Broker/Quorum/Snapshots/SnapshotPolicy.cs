using Moldau.Raft;

namespace Moldau.Broker.Quorum.Snapshots;

/// <summary>Why a snapshot is due.</summary>
public enum SnapshotReason
{
    /// <summary>Not due.</summary>
    None,

    /// <summary><c>metadata.log.max.record.bytes.between.snapshots</c> were committed.</summary>
    MaxBytesExceeded,

    /// <summary><c>metadata.log.max.snapshot.interval.ms</c> have passed with something new.</summary>
    MaxIntervalElapsed,
}

/// <summary>When the next snapshot is due: by the bytes committed since the last one, or by time if anything was. Owned by whoever takes snapshots.</summary>
/// <param name="maxBytes"><c>metadata.log.max.record.bytes.between.snapshots</c>, bytes; Kafka's default is 20 MiB.</param>
/// <param name="maxIntervalMs"><c>metadata.log.max.snapshot.interval.ms</c>; 0: time does not matter. Kafka's default is one hour.</param>
public sealed class SnapshotPolicy(long maxBytes, long maxIntervalMs)
{
    private long bytes;
    private long sinceMs = -1;

    /// <summary>When the interval ends; <see cref="long.MaxValue"/> while nothing is new or time does not matter.</summary>
    public long DeadlineMs => sinceMs < 0 || maxIntervalMs == 0 ? long.MaxValue : sinceMs + maxIntervalMs;

    /// <summary>A batch was committed and is in the image.</summary>
    public void Committed(CommittedBatch batch, long nowMs)
    {
        if (batch.Records.Count == 0) return;
        bytes += batch.SizeInBytes;
        if (sinceMs < 0) sinceMs = nowMs;
    }

    /// <summary>Whether a snapshot is due.</summary>
    public SnapshotReason Due(long nowMs) =>
        bytes >= maxBytes ? SnapshotReason.MaxBytesExceeded
        : nowMs >= DeadlineMs ? SnapshotReason.MaxIntervalElapsed
        : SnapshotReason.None;

    /// <summary>A snapshot was begun, or the state came from one.</summary>
    public void Taken()
    {
        bytes = 0;
        sinceMs = -1;
    }
}
