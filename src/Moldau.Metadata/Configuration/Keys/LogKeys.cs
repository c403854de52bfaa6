using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>The log on disk.</summary>
public static class LogKeys
{
    internal static readonly KeySection Section = new("Logs");

    public static readonly ConfigKey<IReadOnlyList<string>?> LogDir = Section.List("log.dir", ["/tmp/kafka-logs"], ConfigRule.DistinctList,
        High(ReadOnly, "Folder of the data where `log.dirs` is not set."));

    public static readonly ConfigKey<IReadOnlyList<string>?> LogDirs = Section.List("log.dirs", null, ConfigRule.DistinctList,
        High(ReadOnly, "Folders of the data, separated by commas."));

    public static readonly ConfigKey<IReadOnlyList<string>?> CordonedLogDirs = Section.List("cordoned.log.dirs", [], ConfigRule.DistinctList,
        Medium(PerBroker, "Folders that take no new partitions; `*` for all."));

    public static readonly ConfigKey<long> LogDirFailureTimeoutMs = Section.Long("log.dir.failure.timeout.ms", 30000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How long a broker waits for the controller to learn of a failed folder before it stops, in milliseconds."));

    public static readonly ConfigKey<long> LogFlushIntervalMessages = Section.Long("log.flush.interval.messages", long.MaxValue, ConfigRule.AtLeast(1),
        High(ClusterWide, "For topics without `flush.messages` of their own. After how many records the log is flushed to the device even if nobody waits for it."));

    public static readonly ConfigKey<long?> LogFlushIntervalMs = Section.OptionalLong("log.flush.interval.ms", null,
        High(ClusterWide, "For topics without `flush.ms` of their own. How long a record may stay unflushed, in milliseconds."));

    public static readonly ConfigKey<long> LogFlushSchedulerIntervalMs = Section.Long("log.flush.scheduler.interval.ms", long.MaxValue, null,
        High(ReadOnly, "How often logs are looked at for a flush by time, in milliseconds."));

    public static readonly ConfigKey<int> LogFlushOffsetCheckpointIntervalMs = Section.Int("log.flush.offset.checkpoint.interval.ms", 60000, ConfigRule.AtLeast(0),
        High(ReadOnly, "How often the point up to which logs are known to be flushed is written down, in milliseconds."));

    public static readonly ConfigKey<int> LogFlushStartOffsetCheckpointIntervalMs = Section.Int("log.flush.start.offset.checkpoint.interval.ms", 60000, ConfigRule.AtLeast(0),
        High(ReadOnly, "How often the start of the logs is written down, in milliseconds."));

    public static readonly ConfigKey<int> LogIndexIntervalBytes = Section.Int("log.index.interval.bytes", 4096, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "For topics without `index.interval.bytes` of their own. Bytes of log between two entries of the offset index; smaller finds positions faster and makes larger indexes."));

    public static readonly ConfigKey<int> LogIndexSizeMaxBytes = Section.Int("log.index.size.max.bytes", 10485760, ConfigRule.AtLeast(4),
        Medium(ClusterWide, "For topics without `segment.index.bytes` of their own. Largest size of a segment's offset index, in bytes; when it is full a new segment begins."));

    public static readonly ConfigKey<long> LogInitialTaskDelayMs = Section.Long("log.initial.task.delay.ms", 30000, ConfigRule.AtLeast(0),
        Low(ReadOnly, "How long after start the first retention and flush checks begin, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<long> LogMessageTimestampAfterMaxMs = Section.Long("log.message.timestamp.after.max.ms", 3600000, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "For topics without `message.timestamp.after.max.ms` of their own. How far a record's timestamp may lie ahead of the broker's clock, in milliseconds, with create time."));

    public static readonly ConfigKey<long> LogMessageTimestampBeforeMaxMs = Section.Long("log.message.timestamp.before.max.ms", long.MaxValue, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "For topics without `message.timestamp.before.max.ms` of their own. How far a record's timestamp may lie behind the broker's clock, in milliseconds, with create time."));

    public static readonly ConfigKey<string?> LogMessageTimestampType = Section.String("log.message.timestamp.type", "CreateTime", ConfigRule.OneOf("CreateTime", "LogAppendTime"),
        Medium(ClusterWide, "For topics without `message.timestamp.type` of their own. Whose time stands in the records: the producer's (`CreateTime`) or the broker's at append (`LogAppendTime`)."));

    public static readonly ConfigKey<bool> LogPreallocate = Section.Bool("log.preallocate", false,
        Medium(ClusterWide, "For topics without `preallocate` of their own. Whether a new segment's file gets its full size at once."));

    public static readonly ConfigKey<int> LogSegmentBytes = Section.Int("log.segment.bytes", 1073741824, ConfigRule.AtLeast(1048576),
        High(ClusterWide, "For topics without `segment.bytes` of their own. Size in bytes at which a new segment begins."));

    public static readonly ConfigKey<long> LogSegmentDeleteDelayMs = Section.Long("log.segment.delete.delay.ms", 60000, ConfigRule.AtLeast(0),
        High(ClusterWide, "For topics without `file.delete.delay.ms` of their own. How long files of deleted segments stay on disk, in milliseconds, for readers that still hold them."));

    public static readonly ConfigKey<int> LogRollHours = Section.Int("log.roll.hours", 168, ConfigRule.AtLeast(1),
        High(ReadOnly, "Age in hours at which a new segment begins; `log.roll.ms` comes first."));

    public static readonly ConfigKey<long?> LogRollMs = Section.OptionalLong("log.roll.ms", null,
        High(ClusterWide, "For topics without `segment.ms` of their own. Age in milliseconds at which a new segment begins even if the old one is not full."));

    public static readonly ConfigKey<int> LogRollJitterHours = Section.Int("log.roll.jitter.hours", 0, ConfigRule.AtLeast(0),
        High(ReadOnly, "Random time taken off the age at which segments roll, in hours; `log.roll.jitter.ms` comes first."));

    public static readonly ConfigKey<long?> LogRollJitterMs = Section.OptionalLong("log.roll.jitter.ms", null,
        High(ClusterWide, "For topics without `segment.jitter.ms` of their own. Random time taken off `segment.ms`, in milliseconds at most, so that segments do not all roll together."));

    public static readonly ConfigKey<int> MessageMaxBytes = Section.Int("message.max.bytes", 1048588, ConfigRule.AtLeast(0),
        High(ClusterWide, "For topics without `max.message.bytes` of their own. Largest record batch accepted, in bytes, as it stands on the wire."));

    public static readonly ConfigKey<int> MaxDecompressedMessageBytes = Section.Int("max.decompressed.message.bytes", 2147483639, ConfigRule.Between(1, 2147483639),
        Medium(ClusterWide, "For topics without `max.decompressed.message.bytes` of their own. Largest size of a batch once decompressed, in bytes, that the broker accepts while validating."));

    public static readonly ConfigKey<string?> CompressionType = Section.String("compression.type", "producer", ConfigRule.OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
        High(ClusterWide, "For topics without `compression.type` of their own. Codec that batches are stored in. `producer` stores them as they came; another value makes the broker compress again what came otherwise."));

    public static readonly ConfigKey<int> CompressionGzipLevel = Section.Int("compression.gzip.level", -1, ConfigRule.BetweenOr(1, 9, -1),
        Medium(ClusterWide, "For topics without `compression.gzip.level` of their own. Level at which the broker compresses with gzip when it has to: 1 (fast) to 9 (small), -1 for the library's choice."));

    public static readonly ConfigKey<int> CompressionLz4Level = Section.Int("compression.lz4.level", 9, ConfigRule.Between(1, 17),
        Medium(ClusterWide, "For topics without `compression.lz4.level` of their own. Level at which the broker compresses with lz4 when it has to: 1 (fast) to 17 (small)."));

    public static readonly ConfigKey<int> CompressionZstdLevel = Section.Int("compression.zstd.level", 3, ConfigRule.Between(-131072, 22),
        Medium(ClusterWide, "For topics without `compression.zstd.level` of their own. Level at which the broker compresses with zstd when it has to: -131072 (fast) to 22 (small)."));

    public static readonly ConfigKey<int> NumRecoveryThreadsPerDataDir = Section.Int("num.recovery.threads.per.data.dir", 2, ConfigRule.AtLeast(1),
        High(ClusterWide, "Logs of a folder that are recovered at a time after an unclean stop.").NotYet());

    public static readonly ConfigKey<int> ProducerIdExpirationMs = Section.Int("producer.id.expiration.ms", 86400000, ConfigRule.AtLeast(1),
        Low(ClusterWide, "How long an idle idempotent producer is remembered, in milliseconds."));

    public static readonly ConfigKey<int> ProducerIdExpirationCheckIntervalMs = Section.Int("producer.id.expiration.check.interval.ms", 600000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often producers are looked at for expiry, in milliseconds.").Internal());
}
