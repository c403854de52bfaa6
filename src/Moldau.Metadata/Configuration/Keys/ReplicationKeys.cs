using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Fetching and replication.</summary>
public static class ReplicationKeys
{
    internal static readonly KeySection Section = new("Fetching and replication");

    public static readonly ConfigKey<int> FetchMaxBytes = Section.Int("fetch.max.bytes", 57671680, ConfigRule.AtLeast(1024),
        Medium(ReadOnly, "Largest answer to a fetch of a consumer, in bytes; the first batch goes out even if it is larger."));

    public static readonly ConfigKey<int> MaxIncrementalFetchSessionCacheSlots = Section.Int("max.incremental.fetch.session.cache.slots", 1000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Incremental fetch sessions kept at a time."));

    public static readonly ConfigKey<int> FetchPurgatoryPurgeIntervalRequests = Section.Int("fetch.purgatory.purge.interval.requests", 1000, null,
        Medium(ReadOnly, "Answered fetches after which the waiting list is cleaned. Here it is cleaned as they are answered.").NoEffect());

    public static readonly ConfigKey<int> ProducerPurgatoryPurgeIntervalRequests = Section.Int("producer.purgatory.purge.interval.requests", 1000, null,
        Medium(ReadOnly, "Answered writes after which the waiting list is cleaned. Here it is cleaned as they are answered.").NoEffect());

    public static readonly ConfigKey<int> DeleteRecordsPurgatoryPurgeIntervalRequests = Section.Int("delete.records.purgatory.purge.interval.requests", 1, null,
        Medium(ReadOnly, "Answered deletions after which the waiting list is cleaned. Here it is cleaned as they are answered.").NoEffect());

    public static readonly ConfigKey<int> ShareFetchPurgatoryPurgeIntervalRequests = Section.Int("share.fetch.purgatory.purge.interval.requests", 1000, null,
        Medium(ReadOnly, "Answered share fetches after which the waiting list is cleaned. Here it is cleaned as they are answered.").NoEffect());

    public static readonly ConfigKey<int> NumReplicaFetchers = Section.Int("num.replica.fetchers", 1, ConfigRule.AtLeast(1),
        High(ClusterWide, "Fetchers per source broker.").NotYet());

    public static readonly ConfigKey<int?> NumReplicaAlterLogDirsThreads = Section.OptionalInt("num.replica.alter.log.dirs.threads", null,
        High(ReadOnly, "Threads that move replicas between folders. Here they are moved one after the other.").NoEffect());

    public static readonly ConfigKey<int> ReplicaFetchBackoffMs = Section.Int("replica.fetch.backoff.ms", 1000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Wait after a failed fetch of a follower, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> ReplicaFetchMaxBytes = Section.Int("replica.fetch.max.bytes", 1048576, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Bytes a follower fetches per partition; the first batch comes even if it is larger.").NotYet());

    public static readonly ConfigKey<int> ReplicaFetchMinBytes = Section.Int("replica.fetch.min.bytes", 1, null,
        High(ReadOnly, "Bytes a follower waits for, up to `replica.fetch.wait.max.ms`.").NotYet());

    public static readonly ConfigKey<int> ReplicaFetchResponseMaxBytes = Section.Int("replica.fetch.response.max.bytes", 10485760, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Bytes a follower takes in one answer.").NotYet());

    public static readonly ConfigKey<int> ReplicaFetchWaitMaxMs = Section.Int("replica.fetch.wait.max.ms", 500, null,
        High(ReadOnly, "How long the leader may hold a follower's fetch, in milliseconds.").NotYet());

    public static readonly ConfigKey<long> ReplicaHighWatermarkCheckpointIntervalMs = Section.Long("replica.high.watermark.checkpoint.interval.ms", 5000, null,
        High(ReadOnly, "How often high watermarks are written down, in milliseconds."));

    public static readonly ConfigKey<long> ReplicaLagTimeMaxMs = Section.Long("replica.lag.time.max.ms", 30000, null,
        High(ReadOnly, "How long a follower may be behind before it leaves the ISR, in milliseconds.").NotYet());

    public static readonly ConfigKey<string?> ReplicaSelectorClass = Section.String("replica.selector.class", null, null,
        Medium(ReadOnly, "Java class that picks a replica near the consumer.").NoEffect());

    public static readonly ConfigKey<int> ReplicaSocketReceiveBufferBytes = Section.Int("replica.socket.receive.buffer.bytes", 65536, null,
        High(ReadOnly, "Receive buffer of a follower's socket, in bytes; -1 leaves it to the system.").NotYet());

    public static readonly ConfigKey<int> ReplicaSocketTimeoutMs = Section.Int("replica.socket.timeout.ms", 30000, null,
        High(ReadOnly, "How long a follower's request may take on the socket, in milliseconds.").NotYet());

    public static readonly ConfigKey<bool> FollowerFetchLastTieredOffsetEnable = Section.Bool("follower.fetch.last.tiered.offset.enable", false,
        Medium(ClusterWide, "Whether a new follower starts after what is in tiered storage.").NoEffect());
}
