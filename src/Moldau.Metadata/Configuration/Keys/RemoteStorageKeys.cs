using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Tiered storage. Accepted, so that a server.properties with them is read; tiered storage itself is not there.</summary>
public static class RemoteStorageKeys
{
    internal static readonly KeySection Section = new("Tiered storage");

    public static readonly ConfigKey<bool> RemoteLogStorageSystemEnable = Section.Bool("remote.log.storage.system.enable", false,
        Medium(ReadOnly, "Whether tiered storage is on.").NoEffect());

    public static readonly ConfigKey<int> RemoteFetchMaxWaitMs = Section.Int("remote.fetch.max.wait.ms", 500, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "How long a fetch waits for tiered storage, in milliseconds.").NoEffect());

    public static readonly ConfigKey<long> RemoteListOffsetsRequestTimeoutMs = Section.Long("remote.list.offsets.request.timeout.ms", 30000, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "How long ListOffsets waits for tiered storage, in milliseconds.").NoEffect());

    public static readonly ConfigKey<long> RemoteLogIndexFileCacheTotalSizeBytes = Section.Long("remote.log.index.file.cache.total.size.bytes", 1073741824, ConfigRule.AtLeast(1),
        Low(ClusterWide, "Bytes of fetched index files kept on disk.").NoEffect());

    public static readonly ConfigKey<long> RemoteLogIndexFileCacheTtlMs = Section.Long("remote.log.index.file.cache.ttl.ms", 900000, ConfigRule.AtLeast(-1),
        Low(ReadOnly, "How long a removed index file stays on disk, in milliseconds.").Internal().NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerCopierThreadPoolSize = Section.Int("remote.log.manager.copier.thread.pool.size", 10, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "Threads that copy segments out.").NoEffect());

    public static readonly ConfigKey<long> RemoteLogManagerCopyMaxBytesPerSecond = Section.Long("remote.log.manager.copy.max.bytes.per.second", long.MaxValue, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "Bytes per second that are copied out.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerCopyQuotaWindowNum = Section.Int("remote.log.manager.copy.quota.window.num", 11, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Windows over which copying is measured.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerCopyQuotaWindowSizeSeconds = Section.Int("remote.log.manager.copy.quota.window.size.seconds", 1, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Length of such a window, in seconds.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerExpirationThreadPoolSize = Section.Int("remote.log.manager.expiration.thread.pool.size", 10, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "Threads that delete expired segments.").NoEffect());

    public static readonly ConfigKey<long> RemoteLogManagerFetchMaxBytesPerSecond = Section.Long("remote.log.manager.fetch.max.bytes.per.second", long.MaxValue, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "Bytes per second that are fetched back.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerFetchQuotaWindowNum = Section.Int("remote.log.manager.fetch.quota.window.num", 11, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Windows over which fetching is measured.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerFetchQuotaWindowSizeSeconds = Section.Int("remote.log.manager.fetch.quota.window.size.seconds", 1, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Length of such a window, in seconds.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerFollowerThreadPoolSize = Section.Int("remote.log.manager.follower.thread.pool.size", 2, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "Threads that look after partitions followed.").NoEffect());

    public static readonly ConfigKey<long> RemoteLogManagerTaskIntervalMs = Section.Long("remote.log.manager.task.interval.ms", 30000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often segments are looked at, in milliseconds.").NoEffect());

    public static readonly ConfigKey<long> RemoteLogManagerTaskRetryBackoffMaxMs = Section.Long("remote.log.manager.task.retry.backoff.max.ms", 30000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Longest wait after a failure, in milliseconds.").Internal().NoEffect());

    public static readonly ConfigKey<long> RemoteLogManagerTaskRetryBackoffMs = Section.Long("remote.log.manager.task.retry.backoff.ms", 500, ConfigRule.AtLeast(1),
        Low(ReadOnly, "First wait after a failure, in milliseconds.").Internal().NoEffect());

    public static readonly ConfigKey<double> RemoteLogManagerTaskRetryJitter = Section.Double("remote.log.manager.task.retry.jitter", 0.2, ConfigRule.Between(0, 0.5),
        Low(ReadOnly, "Random share of the wait after a failure.").Internal().NoEffect());

    public static readonly ConfigKey<int> RemoteLogManagerThreadPoolSize = Section.Int("remote.log.manager.thread.pool.size", 2, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Threads that schedule the work of tiered storage.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogMetadataCustomMetadataMaxBytes = Section.Int("remote.log.metadata.custom.metadata.max.bytes", 128, ConfigRule.AtLeast(0),
        Low(ReadOnly, "Largest plugin metadata of a segment, in bytes.").NoEffect());

    public static readonly ConfigKey<string?> RemoteLogMetadataManagerClassName = Section.String("remote.log.metadata.manager.class.name", "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager", ConfigRule.NonEmpty,
        Medium(ReadOnly, "Java class that keeps the metadata of tiered segments.").NoEffect());

    public static readonly ConfigKey<string?> RemoteLogMetadataManagerClassPath = Section.String("remote.log.metadata.manager.class.path", null, null,
        Medium(ReadOnly, "Where that class is found.").NoEffect());

    public static readonly ConfigKey<string?> RemoteLogMetadataManagerImplPrefix = Section.String("remote.log.metadata.manager.impl.prefix", "rlmm.config.", ConfigRule.NonEmpty,
        Medium(ReadOnly, "Prefix of keys passed on to that class.").NoEffect());

    public static readonly ConfigKey<string?> RemoteLogMetadataManagerListenerName = Section.String("remote.log.metadata.manager.listener.name", null, ConfigRule.NonEmpty,
        Medium(ReadOnly, "Listener that class connects to.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogReaderMaxPendingTasks = Section.Int("remote.log.reader.max.pending.tasks", 100, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Reads of tiered storage that may wait.").NoEffect());

    public static readonly ConfigKey<int> RemoteLogReaderThreads = Section.Int("remote.log.reader.threads", 10, ConfigRule.AtLeast(1),
        Medium(ClusterWide, "Threads that read tiered storage.").NoEffect());

    public static readonly ConfigKey<string?> RemoteLogStorageManagerClassName = Section.String("remote.log.storage.manager.class.name", null, ConfigRule.NonEmpty,
        Medium(ReadOnly, "Java class that stores segments.").NoEffect());

    public static readonly ConfigKey<string?> RemoteLogStorageManagerClassPath = Section.String("remote.log.storage.manager.class.path", null, null,
        Medium(ReadOnly, "Where that class is found.").NoEffect());

    public static readonly ConfigKey<string?> RemoteLogStorageManagerImplPrefix = Section.String("remote.log.storage.manager.impl.prefix", "rsm.config.", ConfigRule.NonEmpty,
        Medium(ReadOnly, "Prefix of keys passed on to that class.").NoEffect());

    public static readonly ConfigKey<long> LogRemoteCopyLagBytes = Section.Long("log.remote.copy.lag.bytes", -1, ConfigRule.AtLeast(-1),
        Medium(ClusterWide, "For topics without `remote.copy.lag.bytes` of their own. Bytes a segment must lie behind the log's end before it is copied to tiered storage; -1: no such limit.").NoEffect());

    public static readonly ConfigKey<long> LogRemoteCopyLagMs = Section.Long("log.remote.copy.lag.ms", 0, ConfigRule.AtLeast(-1),
        Medium(ClusterWide, "For topics without `remote.copy.lag.ms` of their own. Age a segment must have before it is copied to tiered storage, in milliseconds; -1: no such limit.").NoEffect());
}
