using static Moldau.Metadata.Configuration.Traits;

namespace Moldau.Metadata.Configuration;

/// <summary>Keys of a topic. Those with broker keys take the broker's value where the topic has none of its own.</summary>
public static class TopicKeys
{
    internal static readonly KeySection Section = new("Topics");

    public static readonly ConfigKey<IReadOnlyList<string>?> CleanupPolicy = Section.List("cleanup.policy", ["delete"], ConfigRule.ListOf(true, "compact", "delete"),
        Topic("What happens to old data: `delete` drops whole segments by retention, `compact` keeps the latest record of each key, both together do both; empty keeps everything.", "log.cleanup.policy"));

    public static readonly ConfigKey<int> CompressionGzipLevel = Section.Int("compression.gzip.level", -1, ConfigRule.BetweenOr(1, 9, -1),
        Topic("Level at which the broker compresses with gzip when it has to: 1 (fast) to 9 (small), -1 for the library's choice.", "compression.gzip.level"));

    public static readonly ConfigKey<int> CompressionLz4Level = Section.Int("compression.lz4.level", 9, ConfigRule.Between(1, 17),
        Topic("Level at which the broker compresses with lz4 when it has to: 1 (fast) to 17 (small).", "compression.lz4.level"));

    public static readonly ConfigKey<string?> CompressionType = Section.String("compression.type", "producer", ConfigRule.OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
        Topic("Codec that batches are stored in. `producer` stores them as they came; another value makes the broker compress again what came otherwise.", "compression.type"));

    public static readonly ConfigKey<int> CompressionZstdLevel = Section.Int("compression.zstd.level", 3, ConfigRule.Between(-131072, 22),
        Topic("Level at which the broker compresses with zstd when it has to: -131072 (fast) to 22 (small).", "compression.zstd.level"));

    public static readonly ConfigKey<long> DeleteRetentionMs = Section.Long("delete.retention.ms", 86400000, ConfigRule.AtLeast(0),
        Topic("How long a compacted topic keeps tombstones after cleaning, in milliseconds, so that a reader from the start sees every deletion.", "log.cleaner.delete.retention.ms"));

    public static readonly ConfigKey<bool> ErrorsDeadletterqueueGroupEnable = Section.Bool("errors.deadletterqueue.group.enable", false,
        Topic("Whether share groups may write records they gave up on to this topic.").NoEffect());

    public static readonly ConfigKey<long> FileDeleteDelayMs = Section.Long("file.delete.delay.ms", 60000, ConfigRule.AtLeast(0),
        Topic("How long files of deleted segments stay on disk, in milliseconds, for readers that still hold them.", "log.segment.delete.delay.ms"));

    public static readonly ConfigKey<long> FlushMessages = Section.Long("flush.messages", long.MaxValue, ConfigRule.AtLeast(1),
        Topic("After how many records the log is flushed to the device even if nobody waits for it.", "log.flush.interval.messages"));

    public static readonly ConfigKey<long> FlushMs = Section.Long("flush.ms", long.MaxValue, ConfigRule.AtLeast(0),
        Topic("How long a record may stay unflushed, in milliseconds.", "log.flush.interval.ms", "log.flush.scheduler.interval.ms"));

    public static readonly ConfigKey<IReadOnlyList<string>?> FollowerReplicationThrottledReplicas = Section.List("follower.replication.throttled.replicas", [], ConfigRule.ThrottledReplicas,
        Topic("Replicas whose fetching is throttled, as `partition:broker,...`, or `*` for all.").NotYet());

    public static readonly ConfigKey<int> IndexIntervalBytes = Section.Int("index.interval.bytes", 4096, ConfigRule.AtLeast(0),
        Topic("Bytes of log between two entries of the offset index; smaller finds positions faster and makes larger indexes.", "log.index.interval.bytes"));

    public static readonly ConfigKey<int?> InternalSegmentBytes = Section.OptionalInt("internal.segment.bytes", null,
        Topic("Segment size without the floor of `segment.bytes`. For tests.").Internal());

    public static readonly ConfigKey<IReadOnlyList<string>?> LeaderReplicationThrottledReplicas = Section.List("leader.replication.throttled.replicas", [], ConfigRule.ThrottledReplicas,
        Topic("Replicas whose serving to followers is throttled, as `partition:broker,...`, or `*` for all.").NotYet());

    public static readonly ConfigKey<long> LocalRetentionBytes = Section.Long("local.retention.bytes", -2, ConfigRule.AtLeast(-2),
        Topic("Bytes kept on local disk per partition where tiered storage is on; -2 takes `retention.bytes`.", "log.local.retention.bytes").NoEffect());

    public static readonly ConfigKey<long> LocalRetentionMs = Section.Long("local.retention.ms", -2, ConfigRule.AtLeast(-2),
        Topic("Time kept on local disk where tiered storage is on, in milliseconds; -2 takes `retention.ms`.", "log.local.retention.ms").NoEffect());

    public static readonly ConfigKey<long> MaxCompactionLagMs = Section.Long("max.compaction.lag.ms", long.MaxValue, ConfigRule.AtLeast(1),
        Topic("Longest time a record may stay uncompacted, in milliseconds.", "log.cleaner.max.compaction.lag.ms"));

    public static readonly ConfigKey<int> MaxDecompressedMessageBytes = Section.Int("max.decompressed.message.bytes", 2147483639, ConfigRule.Between(1, 2147483639),
        Topic("Largest size of a batch once decompressed, in bytes, that the broker accepts while validating.", "max.decompressed.message.bytes"));

    public static readonly ConfigKey<int> MaxMessageBytes = Section.Int("max.message.bytes", 1048588, ConfigRule.AtLeast(0),
        Topic("Largest record batch accepted, in bytes, as it stands on the wire.", "message.max.bytes"));

    public static readonly ConfigKey<long> MessageTimestampAfterMaxMs = Section.Long("message.timestamp.after.max.ms", 3600000, ConfigRule.AtLeast(0),
        Topic("How far a record's timestamp may lie ahead of the broker's clock, in milliseconds, with create time.", "log.message.timestamp.after.max.ms"));

    public static readonly ConfigKey<long> MessageTimestampBeforeMaxMs = Section.Long("message.timestamp.before.max.ms", long.MaxValue, ConfigRule.AtLeast(0),
        Topic("How far a record's timestamp may lie behind the broker's clock, in milliseconds, with create time.", "log.message.timestamp.before.max.ms"));

    public static readonly ConfigKey<string?> MessageTimestampType = Section.String("message.timestamp.type", "CreateTime", ConfigRule.OneOf("CreateTime", "LogAppendTime"),
        Topic("Whose time stands in the records: the producer's (`CreateTime`) or the broker's at append (`LogAppendTime`).", "log.message.timestamp.type"));

    public static readonly ConfigKey<double> MinCleanableDirtyRatio = Section.Double("min.cleanable.dirty.ratio", 0.5, ConfigRule.Between(0, 1),
        Topic("Share of a compacted log that must be uncleaned before the cleaner takes it: 0 to 1.", "log.cleaner.min.cleanable.ratio"));

    public static readonly ConfigKey<long> MinCompactionLagMs = Section.Long("min.compaction.lag.ms", 0, ConfigRule.AtLeast(0),
        Topic("Shortest time a record stays uncompacted, in milliseconds.", "log.cleaner.min.compaction.lag.ms"));

    public static readonly ConfigKey<int> MinInsyncReplicas = Section.Int("min.insync.replicas", 1, ConfigRule.AtLeast(1),
        Topic("How many replicas must be in sync for a write with acks=all to be accepted.", "min.insync.replicas"));

    public static readonly ConfigKey<bool> Preallocate = Section.Bool("preallocate", false,
        Topic("Whether a new segment's file gets its full size at once.", "log.preallocate"));

    public static readonly ConfigKey<long> RemoteCopyLagBytes = Section.Long("remote.copy.lag.bytes", -1, ConfigRule.AtLeast(-1),
        Topic("Bytes a segment must lie behind the log's end before it is copied to tiered storage; -1: no such limit.", "log.remote.copy.lag.bytes").NoEffect());

    public static readonly ConfigKey<long> RemoteCopyLagMs = Section.Long("remote.copy.lag.ms", 0, ConfigRule.AtLeast(-1),
        Topic("Age a segment must have before it is copied to tiered storage, in milliseconds; -1: no such limit.", "log.remote.copy.lag.ms").NoEffect());

    public static readonly ConfigKey<bool> RemoteLogCopyDisable = Section.Bool("remote.log.copy.disable", false,
        Topic("Whether no more segments are copied to tiered storage.").NoEffect());

    public static readonly ConfigKey<bool> RemoteLogDeleteOnDisable = Section.Bool("remote.log.delete.on.disable", false,
        Topic("Whether tiered data goes when tiered storage is switched off for the topic.").NoEffect());

    public static readonly ConfigKey<bool> RemoteStorageEnable = Section.Bool("remote.storage.enable", false,
        Topic("Whether the topic's old segments are kept in tiered storage.").NoEffect());

    public static readonly ConfigKey<long> RetentionBytes = Section.Long("retention.bytes", -1, null,
        Topic("Bytes a partition may hold before its oldest segments are deleted; -1: no limit.", "log.retention.bytes"));

    public static readonly ConfigKey<long> RetentionMs = Section.Long("retention.ms", 604800000, ConfigRule.AtLeast(-1),
        Topic("Age in milliseconds after which segments are deleted; -1: never.", "log.retention.ms", "log.retention.minutes", "log.retention.hours"));

    public static readonly ConfigKey<int> SegmentBytes = Section.Int("segment.bytes", 1073741824, ConfigRule.AtLeast(1048576),
        Topic("Size in bytes at which a new segment begins.", "log.segment.bytes"));

    public static readonly ConfigKey<int> SegmentIndexBytes = Section.Int("segment.index.bytes", 10485760, ConfigRule.AtLeast(4),
        Topic("Largest size of a segment's offset index, in bytes; when it is full a new segment begins.", "log.index.size.max.bytes"));

    public static readonly ConfigKey<long> SegmentJitterMs = Section.Long("segment.jitter.ms", 0, ConfigRule.AtLeast(0),
        Topic("Random time taken off `segment.ms`, in milliseconds at most, so that segments do not all roll together.", "log.roll.jitter.ms", "log.roll.jitter.hours"));

    public static readonly ConfigKey<long> SegmentMs = Section.Long("segment.ms", 604800000, ConfigRule.AtLeast(1),
        Topic("Age in milliseconds at which a new segment begins even if the old one is not full.", "log.roll.ms", "log.roll.hours"));

    public static readonly ConfigKey<bool> UncleanLeaderElectionEnable = Section.Bool("unclean.leader.election.enable", false,
        Topic("Whether a replica that is not in sync may lead when no other is left, at the price of lost records.", "unclean.leader.election.enable"));
}
