using Moldau.Protocol;

namespace Moldau.Storage;

/// <summary>How a node keeps its logs. Defaults are Kafka's.</summary>
public sealed record LogStoreOptions
{
    internal PlantedStorageBugs Planted { get; init; } = new();

    /// <summary><c>log.dirs</c>: one or more folders.</summary>
    public required IReadOnlyList<string> Directories { get; init; }

    /// <summary>Configuration of logs found on disk, until their topic's is known.</summary>
    public LogConfig DefaultConfig { get; init; } = LogConfig.Default;

    /// <summary>Configuration of a log found on disk, where it is known already; null for the default.</summary>
    public Func<TopicPartition, LogConfig?>? ConfigOf { get; init; }

    /// <summary><c>moldau.durability</c>.</summary>
    public FlushPolicy FlushPolicy { get; init; } = FlushPolicy.Fsync;

    /// <summary><c>log.retention.check.interval.ms</c>.</summary>
    public long RetentionCheckIntervalMs { get; init; } = 300_000;

    /// <summary><c>log.flush.offset.checkpoint.interval.ms</c>: time between recovery checkpoints; many bytes bring one on early.</summary>
    public long RecoveryCheckpointIntervalMs { get; init; } = 60_000;

    /// <summary><c>log.flush.start.offset.checkpoint.interval.ms</c>.</summary>
    public long LogStartCheckpointIntervalMs { get; init; } = 60_000;

    /// <summary><c>replica.high.watermark.checkpoint.interval.ms</c>.</summary>
    public long HighWatermarkCheckpointIntervalMs { get; init; } = 5_000;

    /// <summary>How often logs are asked for records that have waited <c>flush.ms</c>; only while a log sets it.</summary>
    public long FlushCheckIntervalMs { get; init; } = 250;

    /// <summary><c>producer.id.expiration.ms</c>: silence after which a producer is forgotten.</summary>
    public long ProducerExpirationMs { get; init; } = 86_400_000;

    /// <summary><c>producer.id.expiration.check.interval.ms</c>.</summary>
    public long ProducerExpirationCheckIntervalMs { get; init; } = 600_000;

    /// <summary><c>log.cleaner.*</c>, until <see cref="LogStore.Cleaner"/> changes them.</summary>
    public CleanerOptions Cleaner { get; init; } = new();

    /// <summary>Open log files that are kept while nothing holds them.</summary>
    public int CachedFilesMax { get; init; } = Limits.CachedFilesMax;
}

/// <summary>How far the opening of the logs has come.</summary>
/// <param name="LogsOpened">Logs opened so far.</param>
/// <param name="Logs">Logs in all directories.</param>
/// <param name="Current">The log opened last.</param>
public readonly record struct RecoveryProgress(int LogsOpened, int Logs, TopicPartition Current);
