namespace Moldau.Storage;

/// <summary>The bounds of this project: every queue, cache, buffer and loop has one.</summary>
internal static class Limits
{
    /// <summary>Open log files kept per node when nothing holds them. A quarter of the usual soft limit of 4096 descriptors.</summary>
    public const int CachedFilesMax = 1024;

    /// <summary>Logs of one directory flushed at the same time. A device queue is full well before this; more only adds threads.</summary>
    public const int FlushLanes = 8;

    /// <summary>Logs opened at the same time at start. Opening is page-cache reads and CRC: more lanes than cores do not help.</summary>
    public const int RecoveryLanes = 8;

    /// <summary>Index entries held in memory before they are written: 1024 entries are 4 MiB of log at the default interval.</summary>
    public const int PendingIndexEntriesMax = 1024;

    /// <summary>Bytes a header walk reads at a time: one index interval, so that a lookup is one read.</summary>
    public const int WalkWindowBytes = 4096;

    /// <summary>Bytes a recovery scan reads at a time.</summary>
    public const int ScanWindowBytes = 256 * 1024;

    /// <summary>A control batch holds one small record; anything larger is not one.</summary>
    public const int ControlBatchBytesMax = 64 * 1024;

    /// <summary>A batch read whole to look at its records (timestamp search, legacy formats).</summary>
    public const int BatchBytesMax = int.MaxValue - 64;

    /// <summary>
    /// Bytes appended to one directory since the last recovery checkpoint that bring the next one on early: what a restart scans at most,
    /// a tenth of a second at 2 GB/s on one core.
    /// </summary>
    public const long RecoveryScanBytesMax = 256L * 1024 * 1024;

    /// <summary>Of those, what the checkpoint may leave unsaved in small logs, so that ten thousand small logs are not each snapshotted.</summary>
    public const long RecoveryScanBytesKept = RecoveryScanBytesMax / 2;

    /// <summary>Batches kept per producer to recognise a retry (Kafka's five requests in flight).</summary>
    public const int BatchesPerProducer = 5;

    /// <summary>
    /// Bytes of log that are looked through for a producer's earlier batches when a snapshot does not tell them: what arrives in the life of a request, headers
    /// only, some milliseconds.
    /// </summary>
    public const int RecallBytesMax = 16 * 1024 * 1024;

    /// <summary>Producers remembered per partition; beyond it the longest silent without a transaction are forgotten.</summary>
    public const int ProducersPerPartitionMax = 100_000;

    /// <summary>A producer snapshot larger than this is not one of ours.</summary>
    public const int SnapshotBytesMax = 6 + 4 + ProducersPerPartitionMax * 2 * 46;

    /// <summary>Leader epochs kept per partition; Kafka has no bound, but each needs an election.</summary>
    public const int LeaderEpochsMax = 1_000_000;

    /// <summary>A checkpoint file larger than this is not one: a million partitions with the longest names.</summary>
    public const int CheckpointBytesMax = 300_000_000;

    /// <summary>Small text files (meta.properties, partition.metadata, the shutdown marker).</summary>
    public const int SmallFileBytesMax = 64 * 1024;

    /// <summary>Aborted transactions returned for one fetch; a fetch that meets more is cut at the last stable offset of the last one.</summary>
    public const int AbortedTransactionsMax = 1_000_000;

    /// <summary>Times a flush begins anew because the log was truncated while it ran.</summary>
    public const int FlushRetries = 8;

    /// <summary>Longest sleep of the housekeeping loop, ms.</summary>
    public const long HousekeepingSleepMs = 3_600_000;

    /// <summary>Bytes of a move that may wait in the page cache before they are flushed: what the swap has to flush at most while appends go on.</summary>
    public const int MoveFlushBytes = 64 * 1024 * 1024;

    /// <summary>Directories remembered for partitions that do not exist yet.</summary>
    public const int PreferredDirectoriesMax = 100_000;

    /// <summary>Pages of 4 KiB that a dry run of a start keeps in memory: 1 GiB, the indexes of some thousand segments.</summary>
    public const int DryRunPagesMax = 256 * 1024;

    /// <summary>Bytes of log the cleaner goes through at a time, at most: some ten milliseconds on a blocking thread.</summary>
    public const int CleanerStepBytesMax = 4 * 1024 * 1024;

    /// <summary>The same at least, however small the I/O budget.</summary>
    public const int CleanerStepBytesMin = 64 * 1024;

    /// <summary>Keys in the cleaner's map at most: 2 GiB of 24 bytes, as in Kafka.</summary>
    public const int CleanerMapSlotsMax = int.MaxValue / 24;

    /// <summary>Slots of the cleaner's map that are kept between two cleanings: 1.5 MiB.</summary>
    public const int CleanerMapSlotsKept = 64 * 1024;

    /// <summary>Index rebuilds tried by one read before it gives up on the segment.</summary>
    public const int ReadRetries = 2;
}
