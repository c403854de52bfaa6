using static Moldau.Metadata.Configuration.Traits;

namespace Moldau.Metadata.Configuration;

/// <summary>Keys of a group (KIP-848, KIP-932, KIP-1071): they override the broker's group.* keys for one group id.</summary>
public static class GroupConfigKeys
{
    internal static readonly KeySection Section = new("Groups");

    public static readonly ConfigKey<int> ConsumerAssignmentIntervalMs = Section.Int("consumer.assignment.interval.ms", 1000, ConfigRule.AtLeast(0),
        Medium(UpdateMode.ClusterWide, "Shortest time between two assignments of a consumer group, in milliseconds.").From("group.consumer.assignment.interval.ms").NotYet());

    public static readonly ConfigKey<bool> ConsumerAssignorOffloadEnable = Section.Bool("consumer.assignor.offload.enable", true,
        Medium(UpdateMode.ClusterWide, "Whether a consumer group's assignment is computed off the coordinator's loop.").Internal().From("group.consumer.assignor.offload.enable").NotYet());

    public static readonly ConfigKey<int> ConsumerHeartbeatIntervalMs = Section.Int("consumer.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(UpdateMode.ClusterWide, "How often members of a consumer group send heartbeats, in milliseconds.").From("group.consumer.heartbeat.interval.ms").NotYet());

    public static readonly ConfigKey<int> ConsumerSessionTimeoutMs = Section.Int("consumer.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(UpdateMode.ClusterWide, "How long a member of a consumer group may be silent, in milliseconds.").From("group.consumer.session.timeout.ms").NotYet());

    public static readonly ConfigKey<bool> ErrorsDeadletterqueueCopyRecordEnable = Section.Bool("errors.deadletterqueue.copy.record.enable", false,
        Medium(UpdateMode.ClusterWide, "Whether a share group's dead letter queue gets the record itself and not just where it stood.").NotYet());

    public static readonly ConfigKey<string?> ErrorsDeadletterqueueTopicName = Section.String("errors.deadletterqueue.topic.name", "", null,
        Medium(UpdateMode.ClusterWide, "Topic for the records a share group gives up on; empty: none.").NotYet());

    public static readonly ConfigKey<int> ShareAssignmentIntervalMs = Section.Int("share.assignment.interval.ms", 1000, ConfigRule.AtLeast(0),
        Medium(UpdateMode.ClusterWide, "Shortest time between two assignments of a share group, in milliseconds.").From("group.share.assignment.interval.ms").NotYet());

    public static readonly ConfigKey<bool> ShareAssignorOffloadEnable = Section.Bool("share.assignor.offload.enable", true,
        Medium(UpdateMode.ClusterWide, "Whether a share group's assignment is computed off the coordinator's loop.").Internal().From("group.share.assignor.offload.enable").NotYet());

    public static readonly ConfigKey<string?> ShareAutoOffsetReset = Section.String("share.auto.offset.reset", "latest", ConfigRule.OffsetReset,
        Medium(UpdateMode.ClusterWide, "Where a share group starts in a partition it has not read: `latest`, `earliest` or `by_duration:` and an ISO-8601 duration back.").NotYet());

    public static readonly ConfigKey<int> ShareDeliveryCountLimit = Section.Int("share.delivery.count.limit", 5, ConfigRule.AtLeast(2),
        Medium(UpdateMode.ClusterWide, "How often a record is delivered to a share group before it is given up.").From("group.share.delivery.count.limit").NotYet());

    public static readonly ConfigKey<int> ShareHeartbeatIntervalMs = Section.Int("share.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(UpdateMode.ClusterWide, "How often members of a share group send heartbeats, in milliseconds.").From("group.share.heartbeat.interval.ms").NotYet());

    public static readonly ConfigKey<string?> ShareIsolationLevel = Section.String("share.isolation.level", "read_uncommitted", ConfigRule.OneOf("read_committed", "read_uncommitted"),
        Medium(UpdateMode.ClusterWide, "Whether a share group sees records of open and aborted transactions.").NotYet());

    public static readonly ConfigKey<int> SharePartitionMaxRecordLocks = Section.Int("share.partition.max.record.locks", 2000, ConfigRule.AtLeast(100),
        Medium(UpdateMode.ClusterWide, "How many records of a partition may be with members of a share group at a time.").From("group.share.partition.max.record.locks").NotYet());

    public static readonly ConfigKey<int> ShareRecordLockDurationMs = Section.Int("share.record.lock.duration.ms", 30000, ConfigRule.AtLeast(1000),
        Medium(UpdateMode.ClusterWide, "How long a record stays with the member that took it, in milliseconds.").From("group.share.record.lock.duration.ms").NotYet());

    public static readonly ConfigKey<bool> ShareRenewAcknowledgeEnable = Section.Bool("share.renew.acknowledge.enable", true,
        Medium(UpdateMode.ClusterWide, "Whether a member may extend its hold on a record.").NotYet());

    public static readonly ConfigKey<int> ShareSessionTimeoutMs = Section.Int("share.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(UpdateMode.ClusterWide, "How long a member of a share group may be silent, in milliseconds.").From("group.share.session.timeout.ms").NotYet());

    public static readonly ConfigKey<long> StreamsAcceptableRecoveryLag = Section.Long("streams.acceptable.recovery.lag", 10000, ConfigRule.AtLeast(0),
        Medium(UpdateMode.ClusterWide, "How many offsets a streams client may lag behind and still be taken as caught up.").Internal().From("group.streams.acceptable.recovery.lag").NotYet());

    public static readonly ConfigKey<int> StreamsAssignmentIntervalMs = Section.Int("streams.assignment.interval.ms", 1000, ConfigRule.AtLeast(0),
        Medium(UpdateMode.ClusterWide, "Shortest time between two assignments of a streams group, in milliseconds.").From("group.streams.assignment.interval.ms").NotYet());

    public static readonly ConfigKey<string?> StreamsAssignorName = Section.String("streams.assignor.name", null, null,
        Medium(UpdateMode.ClusterWide, "Assignor of a streams group; unset: the first that the broker offers.").From("group.streams.assignors").NotYet());

    public static readonly ConfigKey<bool> StreamsAssignorOffloadEnable = Section.Bool("streams.assignor.offload.enable", true,
        Medium(UpdateMode.ClusterWide, "Whether a streams group's assignment is computed off the coordinator's loop.").Internal().From("group.streams.assignor.offload.enable").NotYet());

    public static readonly ConfigKey<int> StreamsHeartbeatIntervalMs = Section.Int("streams.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(UpdateMode.ClusterWide, "How often members of a streams group send heartbeats, in milliseconds.").From("group.streams.heartbeat.interval.ms").NotYet());

    public static readonly ConfigKey<int> StreamsInitialRebalanceDelayMs = Section.Int("streams.initial.rebalance.delay.ms", 3000, ConfigRule.AtLeast(0),
        Medium(UpdateMode.ClusterWide, "How long a new streams group waits for more members before its first assignment, in milliseconds.").From("group.streams.initial.rebalance.delay.ms").NotYet());

    public static readonly ConfigKey<int> StreamsNumStandbyReplicas = Section.Int("streams.num.standby.replicas", 0, ConfigRule.AtLeast(0),
        Medium(UpdateMode.ClusterWide, "How many standby copies of each stateful task a streams group keeps.").From("group.streams.num.standby.replicas").NotYet());

    public static readonly ConfigKey<int> StreamsNumWarmupReplicas = Section.Int("streams.num.warmup.replicas", 2, ConfigRule.AtLeast(0),
        Medium(UpdateMode.ClusterWide, "How many warm-up copies of tasks a streams group may have at a time.").Internal().From("group.streams.num.warmup.replicas").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> StreamsRackAwareAssignmentTags = Section.List("streams.rack.aware.assignment.tags", [], ConfigRule.DistinctList,
        Low(UpdateMode.ClusterWide, "Client tags over which a streams group spreads standby tasks.").From("group.streams.rack.aware.assignment.tags").NotYet());

    public static readonly ConfigKey<int> StreamsSessionTimeoutMs = Section.Int("streams.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(UpdateMode.ClusterWide, "How long a member of a streams group may be silent, in milliseconds.").From("group.streams.session.timeout.ms").NotYet());

    public static readonly ConfigKey<int> StreamsTaskOffsetIntervalMs = Section.Int("streams.task.offset.interval.ms", 60000, ConfigRule.AtLeast(1),
        Medium(UpdateMode.ClusterWide, "How often members of a streams group report their task offsets, in milliseconds.").Internal().From("group.streams.task.offset.interval.ms").NotYet());
}
