using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>The metadata quorum (KRaft) and the metadata log.</summary>
public static class QuorumKeys
{
    internal static readonly KeySection Section = new("Metadata quorum and metadata log");

    public static readonly ConfigKey<IReadOnlyList<string>?> ControllerQuorumVoters = Section.List("controller.quorum.voters", [], ConfigRule.NonEmptyList,
        High(ReadOnly, "Voters of a static quorum, as `id@host:port`; leave it empty where the voters are kept in the log."));

    public static readonly ConfigKey<IReadOnlyList<string>?> ControllerQuorumBootstrapServers = Section.List("controller.quorum.bootstrap.servers", [], ConfigRule.NonEmptyList,
        High(ReadOnly, "Addresses at which to find the quorum when voters are kept in the log."));

    public static readonly ConfigKey<bool> ControllerQuorumAutoJoinEnable = Section.Bool("controller.quorum.auto.join.enable", false,
        Low(ReadOnly, "Whether a controller that is not a voter adds itself to the quorum.").NotYet());

    public static readonly ConfigKey<int> ControllerQuorumElectionTimeoutMs = Section.Int("controller.quorum.election.timeout.ms", 1000, ConfigRule.AtLeast(0),
        High(ReadOnly, "How long a voter waits for votes before it starts another election, in milliseconds."));

    public static readonly ConfigKey<int> ControllerQuorumElectionBackoffMaxMs = Section.Int("controller.quorum.election.backoff.max.ms", 1000, ConfigRule.AtLeast(0),
        High(ReadOnly, "Longest random wait before another election, in milliseconds."));

    public static readonly ConfigKey<int> ControllerQuorumFetchTimeoutMs = Section.Int("controller.quorum.fetch.timeout.ms", 2000, ConfigRule.AtLeast(0),
        High(ReadOnly, "How long a follower or leader goes on without a fetch before it takes the other side as lost, in milliseconds."));

    public static readonly ConfigKey<int> ControllerQuorumFetchMaxBytes = Section.Int("controller.quorum.fetch.max.bytes", 1048576, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Bytes fetched from the metadata log at a time.").NotYet());

    public static readonly ConfigKey<int> ControllerQuorumFetchSnapshotMaxBytes = Section.Int("controller.quorum.fetch.snapshot.max.bytes", 1048576, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Bytes fetched from a metadata snapshot at a time.").NotYet());

    public static readonly ConfigKey<int> ControllerQuorumAppendLingerMs = Section.Int("controller.quorum.append.linger.ms", 25, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "How long the leader gathers records before it writes them, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> ControllerQuorumRequestTimeoutMs = Section.Int("controller.quorum.request.timeout.ms", 2000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "How long a quorum request waits for its answer, in milliseconds."));

    public static readonly ConfigKey<int> ControllerQuorumRetryBackoffMs = Section.Int("controller.quorum.retry.backoff.ms", 20, ConfigRule.AtLeast(0),
        Low(ReadOnly, "Wait before a failed quorum request is sent again, in milliseconds."));

    public static readonly ConfigKey<int> ControllerSocketTimeoutMs = Section.Int("controller.socket.timeout.ms", 30000, null,
        Medium(ReadOnly, "How long a request from broker to controller may take on the socket, in milliseconds.").NotYet());

    public static readonly ConfigKey<long> ControllerPerformanceSamplePeriodMs = Section.Long("controller.performance.sample.period.ms", 60000, ConfigRule.AtLeast(100),
        Medium(ReadOnly, "How often the controller's slowest events are reported, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<long> ControllerPerformanceAlwaysLogThresholdMs = Section.Long("controller.performance.always.log.threshold.ms", 2000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Duration in milliseconds from which a controller event is always reported.").Internal().NotYet());

    public static readonly ConfigKey<string?> MetadataLogDir = Section.String("metadata.log.dir", null, null,
        High(ReadOnly, "Folder of the metadata log; unset: the first of `log.dirs`."));

    public static readonly ConfigKey<int> MetadataLogSegmentBytes = Section.Int("metadata.log.segment.bytes", 1073741824, ConfigRule.AtLeast(8388608),
        High(ReadOnly, "Size in bytes at which a new segment of the metadata log begins."));

    public static readonly ConfigKey<long> MetadataLogSegmentMs = Section.Long("metadata.log.segment.ms", 604800000, null,
        High(ReadOnly, "Age in milliseconds at which a new segment of the metadata log begins."));

    public static readonly ConfigKey<long> MetadataLogMaxRecordBytesBetweenSnapshots = Section.Long("metadata.log.max.record.bytes.between.snapshots", 20971520, ConfigRule.AtLeast(1),
        High(ReadOnly, "Bytes of metadata records after which a snapshot is made."));

    public static readonly ConfigKey<long> MetadataLogMaxSnapshotIntervalMs = Section.Long("metadata.log.max.snapshot.interval.ms", 3600000, ConfigRule.AtLeast(0),
        High(ReadOnly, "Longest time between snapshots while there are new records, in milliseconds; 0: no such limit."));

    public static readonly ConfigKey<int> MetadataMaxIdleIntervalMs = Section.Int("metadata.max.idle.interval.ms", 500, ConfigRule.AtLeast(0),
        Low(ReadOnly, "How often the active controller writes a no-op record when nothing else happens, in milliseconds; 0: never."));

    public static readonly ConfigKey<long> MetadataMaxRetentionBytes = Section.Long("metadata.max.retention.bytes", 104857600, null,
        High(ReadOnly, "Bytes of metadata log and snapshots kept before old ones are deleted; -1: no limit."));

    public static readonly ConfigKey<long> MetadataMaxRetentionMs = Section.Long("metadata.max.retention.ms", 604800000, null,
        High(ReadOnly, "Age of metadata log and snapshots at which they are deleted, in milliseconds; -1: never."));

    public static readonly ConfigKey<long> InternalMetadataDeleteDelayMillis = Section.Long("internal.metadata.delete.delay.millis", 60000, null,
        Low(ReadOnly, "How long deleted files of the metadata log stay on disk, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<int?> InternalMetadataLogSegmentBytes = Section.OptionalInt("internal.metadata.log.segment.bytes", null,
        Low(ReadOnly, "Segment size of the metadata log without its floor. For tests.").Internal());

    public static readonly ConfigKey<int> InternalMetadataMaxBatchSizeInBytes = Section.Int("internal.metadata.max.batch.size.in.bytes", 8388608, null,
        Low(ReadOnly, "Largest batch written to the metadata log, in bytes.").Internal().NotYet());
}
