using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Share groups (KIP-932), their coordinator and dead letters.</summary>
public static class ShareGroupKeys
{
    internal static readonly KeySection Section = new("Share groups");

    public static readonly ConfigKey<int> GroupShareAssignmentIntervalMs = Section.Int("group.share.assignment.interval.ms", 1000, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "Shortest time between two assignments of a share group, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMinAssignmentIntervalMs = Section.Int("group.share.min.assignment.interval.ms", 0, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Smallest value a group may set for that interval, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxAssignmentIntervalMs = Section.Int("group.share.max.assignment.interval.ms", 15000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Largest value a group may set for that interval, in milliseconds.").NotYet());

    public static readonly ConfigKey<bool> GroupShareAssignorOffloadEnable = Section.Bool("group.share.assignor.offload.enable", true,
        Medium(ClusterWide, "Whether assignments of share groups are computed off the coordinator's loop.").Internal().NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> GroupShareAssignors = Section.List("group.share.assignors", ["simple"], ConfigRule.DistinctList,
        Medium(ReadOnly, "Assignors of share groups.").NotYet());

    public static readonly ConfigKey<int> GroupShareDeliveryCountLimit = Section.Int("group.share.delivery.count.limit", 5, ConfigRule.Between(2, 10),
        Medium(ReadOnly, "How often a record is delivered before it is given up.").NotYet());

    public static readonly ConfigKey<int> GroupShareMinDeliveryCountLimit = Section.Int("group.share.min.delivery.count.limit", 2, ConfigRule.Between(2, 5),
        Medium(ReadOnly, "Smallest value a group may set for the delivery limit.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxDeliveryCountLimit = Section.Int("group.share.max.delivery.count.limit", 10, ConfigRule.Between(5, 25),
        Medium(ReadOnly, "Largest value a group may set for the delivery limit.").NotYet());

    public static readonly ConfigKey<string?> GroupShareDlqManagerClassName = Section.String("group.share.dlq.manager.class.name", "org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager", null,
        Medium(ReadOnly, "Java class that writes dead letters.").Internal().NoEffect());

    public static readonly ConfigKey<int> GroupShareHeartbeatIntervalMs = Section.Int("group.share.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How often members of share groups send heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMinHeartbeatIntervalMs = Section.Int("group.share.min.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Smallest value a group may set for heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxHeartbeatIntervalMs = Section.Int("group.share.max.heartbeat.interval.ms", 15000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Largest value a group may set for heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareInitializeRetryIntervalMs = Section.Int("group.share.initialize.retry.interval.ms", 30000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Wait before the state of a share partition is initialized again after a failure, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<int> GroupSharePartitionMaxRecordLocks = Section.Int("group.share.partition.max.record.locks", 2000, ConfigRule.Between(100, 10000),
        Medium(ReadOnly, "Records of a partition that may be with members at a time.").NotYet());

    public static readonly ConfigKey<int> GroupShareMinPartitionMaxRecordLocks = Section.Int("group.share.min.partition.max.record.locks", 100, ConfigRule.Between(100, 2000),
        Medium(ReadOnly, "Smallest value a group may set for records with members.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxPartitionMaxRecordLocks = Section.Int("group.share.max.partition.max.record.locks", 4000, ConfigRule.Between(2000, 10000),
        Medium(ReadOnly, "Largest value a group may set for records with members.").NotYet());

    public static readonly ConfigKey<int> GroupShareRecordLockDurationMs = Section.Int("group.share.record.lock.duration.ms", 30000, ConfigRule.Between(1000, 3600000),
        Medium(ReadOnly, "How long a record stays with the member that took it, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMinRecordLockDurationMs = Section.Int("group.share.min.record.lock.duration.ms", 15000, ConfigRule.Between(1000, 30000),
        Medium(ReadOnly, "Smallest value a group may set for that duration, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxRecordLockDurationMs = Section.Int("group.share.max.record.lock.duration.ms", 60000, ConfigRule.Between(30000, 3600000),
        Medium(ReadOnly, "Largest value a group may set for that duration, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareSessionTimeoutMs = Section.Int("group.share.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How long a member of a share group may be silent, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMinSessionTimeoutMs = Section.Int("group.share.min.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Smallest value a group may set for the session timeout, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxSessionTimeoutMs = Section.Int("group.share.max.session.timeout.ms", 60000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Largest value a group may set for the session timeout, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxShareSessions = Section.Int("group.share.max.share.sessions", 2000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Share sessions kept at a time.").NotYet());

    public static readonly ConfigKey<int> GroupShareMaxSize = Section.Int("group.share.max.size", 200, ConfigRule.Between(1, 1000),
        Medium(ReadOnly, "Members of a share group at most.").NotYet());

    public static readonly ConfigKey<string?> GroupSharePersisterClassName = Section.String("group.share.persister.class.name", "org.apache.kafka.server.share.persister.DefaultStatePersister", null,
        Medium(ReadOnly, "Java class that keeps the state of share partitions.").Internal().NoEffect());

    public static readonly ConfigKey<int> ShareCoordinatorAppendLingerMs = Section.Int("share.coordinator.append.linger.ms", -1, ConfigRule.AtLeast(-1),
        Medium(ReadOnly, "How long the share coordinator gathers writes, in milliseconds; -1: as long as it has others to do.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorCachedBufferMaxBytes = Section.Int("share.coordinator.cached.buffer.max.bytes", 1048588, ConfigRule.AtLeast(524288),
        Medium(ClusterWide, "Largest write buffer the share coordinator keeps for reuse, in bytes.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorColdPartitionSnapshotIntervalMs = Section.Int("share.coordinator.cold.partition.snapshot.interval.ms", 300000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often a share partition without changes gets a snapshot, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorLoadBufferSize = Section.Int("share.coordinator.load.buffer.size", 5242880, ConfigRule.AtLeast(1),
        High(ReadOnly, "Bytes read at a time while share state is loaded.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorSnapshotUpdateRecordsPerSnapshot = Section.Int("share.coordinator.snapshot.update.records.per.snapshot", 500, ConfigRule.Between(0, 500),
        Medium(ReadOnly, "Updates of a share partition between two snapshots.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorStateTopicCompressionCodec = Section.Int("share.coordinator.state.topic.compression.codec", 0, null,
        High(ReadOnly, "Codec of the records in `__share_group_state`, by its number; 0: none.").NotYet());

    public static readonly ConfigKey<short> ShareCoordinatorStateTopicMinIsr = Section.Short("share.coordinator.state.topic.min.isr", 2, ConfigRule.AtLeast(1),
        High(ReadOnly, "In-sync replicas that a write to `__share_group_state` needs.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorStateTopicNumPartitions = Section.Int("share.coordinator.state.topic.num.partitions", 50, ConfigRule.AtLeast(1),
        High(ReadOnly, "Partitions of `__share_group_state`; not to be changed once it exists.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorStateTopicPruneIntervalMs = Section.Int("share.coordinator.state.topic.prune.interval.ms", 300000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often records of `__share_group_state` that are no longer needed are deleted, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<short> ShareCoordinatorStateTopicReplicationFactor = Section.Short("share.coordinator.state.topic.replication.factor", 3, ConfigRule.AtLeast(1),
        High(ReadOnly, "Replicas of `__share_group_state`.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorStateTopicSegmentBytes = Section.Int("share.coordinator.state.topic.segment.bytes", 104857600, ConfigRule.AtLeast(1),
        High(ReadOnly, "Segment size of `__share_group_state`, in bytes.").NotYet());

    public static readonly ConfigKey<int> ShareCoordinatorThreads = Section.Int("share.coordinator.threads", 1, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Threads of the share coordinator.").NoEffect());

    public static readonly ConfigKey<int> ShareCoordinatorWriteTimeoutMs = Section.Int("share.coordinator.write.timeout.ms", 5000, ConfigRule.AtLeast(1),
        High(ReadOnly, "How long a write of the share coordinator waits until it is replicated, in milliseconds.").NotYet());

    public static readonly ConfigKey<bool> ErrorsDeadletterqueueAutoCreateTopicsEnable = Section.Bool("errors.deadletterqueue.auto.create.topics.enable", false,
        Medium(ClusterWide, "Whether topics for dead letters are created when they are needed.").NotYet());

    public static readonly ConfigKey<string?> ErrorsDeadletterqueueTopicNamePrefix = Section.String("errors.deadletterqueue.topic.name.prefix", "dlq.", null,
        Medium(ClusterWide, "What names of topics for dead letters must begin with.").NotYet());
}
