namespace Moldau.Broker.Quorum.Snapshots;

/// <summary>
/// Which snapshot the metadata log may begin at: the newest that still leaves more than <c>metadata.max.retention.bytes</c> or that made its
/// predecessor older than <c>metadata.max.retention.ms</c>. The newest snapshot always stays.
/// </summary>
/// <param name="MaxBytes"><c>metadata.max.retention.bytes</c>; negative: no bound. Kafka's default is 100 MiB.</param>
/// <param name="MaxAgeMs"><c>metadata.max.retention.ms</c>; negative: no bound. Kafka's default is 7 days.</param>
public readonly record struct MetadataRetention(long MaxBytes, long MaxAgeMs)
{
    /// <summary>The snapshot before which everything may be deleted; null: nothing may.</summary>
    /// <param name="snapshots">All snapshots, oldest first.</param>
    /// <param name="logBytes">Bytes of the log's segments.</param>
    /// <param name="nowMs">The time.</param>
    public SnapshotInfo? KeepFrom(IReadOnlyList<SnapshotInfo> snapshots, long logBytes, long nowMs)
    {
        long bytes = logBytes;
        foreach (SnapshotInfo snapshot in snapshots) bytes += snapshot.SizeInBytes;
        SnapshotInfo? keep = null;
        for (int i = 0; i + 1 < snapshots.Count; i++)
        {
            bool isTooMuch = MaxBytes >= 0 && bytes > MaxBytes;
            bool isTooOld = MaxAgeMs >= 0 && nowMs - snapshots[i].LastContainedLogTimestampMs > MaxAgeMs;
            if (!isTooMuch && !isTooOld) break;
            bytes -= snapshots[i].SizeInBytes;
            keep = snapshots[i + 1];
        }

        return keep;
    }
}
