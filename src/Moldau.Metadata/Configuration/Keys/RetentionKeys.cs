using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Retention and compaction of logs.</summary>
public static class RetentionKeys
{
    internal static readonly KeySection Section = new("Retention and compaction");

    public static readonly ConfigKey<IReadOnlyList<string>?> LogCleanupPolicy = Section.List("log.cleanup.policy", ["delete"], ConfigRule.ListOf(true, "compact", "delete"),
        Medium(ClusterWide, "For topics without `cleanup.policy` of their own. What happens to old data: `delete` drops whole segments by retention, `compact` keeps the latest record of each key, both together do both; empty keeps everything."));

    public static readonly ConfigKey<long> LogRetentionBytes = Section.Long("log.retention.bytes", -1, null,
        High(ClusterWide, "For topics without `retention.bytes` of their own. Bytes a partition may hold before its oldest segments are deleted; -1: no limit."));

    public static readonly ConfigKey<long?> LogRetentionMs = Section.OptionalLong("log.retention.ms", null,
        High(ClusterWide, "For topics without `retention.ms` of their own. Age in milliseconds after which segments are deleted; -1: never."));

    public static readonly ConfigKey<int?> LogRetentionMinutes = Section.OptionalInt("log.retention.minutes", null,
        High(ReadOnly, "Age in minutes after which segments are deleted; `log.retention.ms` comes first."));

    public static readonly ConfigKey<int> LogRetentionHours = Section.Int("log.retention.hours", 168, null,
        High(ReadOnly, "Age in hours after which segments are deleted; `log.retention.ms` and `log.retention.minutes` come first."));

    public static readonly ConfigKey<long> LogRetentionCheckIntervalMs = Section.Long("log.retention.check.interval.ms", 300000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How often logs are looked at for retention, in milliseconds."));

    public static readonly ConfigKey<long> LogLocalRetentionBytes = Section.Long("log.local.retention.bytes", -2, ConfigRule.AtLeast(-2),
        Medium(ClusterWide, "For topics without `local.retention.bytes` of their own. Bytes kept on local disk per partition where tiered storage is on; -2 takes `retention.bytes`.").NotYet());

    public static readonly ConfigKey<long> LogLocalRetentionMs = Section.Long("log.local.retention.ms", -2, ConfigRule.AtLeast(-2),
        Medium(ClusterWide, "For topics without `local.retention.ms` of their own. Time kept on local disk where tiered storage is on, in milliseconds; -2 takes `retention.ms`.").NotYet());

    public static readonly ConfigKey<bool> LogCleanerEnable = Section.Bool("log.cleaner.enable", true,
        Medium(ReadOnly, "Whether compacted topics are cleaned. Switching it off is deprecated."));

    public static readonly ConfigKey<int> LogCleanerThreads = Section.Int("log.cleaner.threads", 1, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "Logs that are cleaned at a time."));

    public static readonly ConfigKey<long> LogCleanerBackoffMs = Section.Long("log.cleaner.backoff.ms", 15000, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "How long the cleaner rests when there is nothing to clean, in milliseconds."));

    public static readonly ConfigKey<long> LogCleanerDedupeBufferSize = Section.Long("log.cleaner.dedupe.buffer.size", 134217728, null,
        Medium(ClusterWide, "Memory for the cleaner's map of keys, in bytes, over all its threads."));

    public static readonly ConfigKey<int> LogCleanerIoBufferSize = Section.Int("log.cleaner.io.buffer.size", 524288, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "Memory for the cleaner's reads and writes, in bytes, over all its threads."));

    public static readonly ConfigKey<double> LogCleanerIoBufferLoadFactor = Section.Double("log.cleaner.io.buffer.load.factor", 0.9, null,
        Medium(ClusterWide, "How full the cleaner's map of keys may get: 0 to 1."));

    public static readonly ConfigKey<double> LogCleanerIoMaxBytesPerSecond = Section.Double("log.cleaner.io.max.bytes.per.second", double.MaxValue, null,
        Medium(ClusterWide, "Bytes per second the cleaner may read and write in all."));

    public static readonly ConfigKey<long> LogCleanerDeleteRetentionMs = Section.Long("log.cleaner.delete.retention.ms", 86400000, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "For topics without `delete.retention.ms` of their own. How long a compacted topic keeps tombstones after cleaning, in milliseconds, so that a reader from the start sees every deletion."));

    public static readonly ConfigKey<long> LogCleanerMaxCompactionLagMs = Section.Long("log.cleaner.max.compaction.lag.ms", long.MaxValue, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "For topics without `max.compaction.lag.ms` of their own. Longest time a record may stay uncompacted, in milliseconds."));

    public static readonly ConfigKey<long> LogCleanerMinCompactionLagMs = Section.Long("log.cleaner.min.compaction.lag.ms", 0, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "For topics without `min.compaction.lag.ms` of their own. Shortest time a record stays uncompacted, in milliseconds."));

    public static readonly ConfigKey<double> LogCleanerMinCleanableRatio = Section.Double("log.cleaner.min.cleanable.ratio", 0.5, ConfigRule.Between(0, 1),
        Medium(ClusterWide, "For topics without `min.cleanable.dirty.ratio` of their own. Share of a compacted log that must be uncleaned before the cleaner takes it: 0 to 1."));
}
