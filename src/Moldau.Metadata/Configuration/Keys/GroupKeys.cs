using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Groups: the classic protocol, the coordinator itself, and consumer groups (KIP-848).</summary>
public static class GroupKeys
{
    internal static readonly KeySection Section = new("Groups");

    public static readonly ConfigKey<int> GroupInitialRebalanceDelayMs = Section.Int("group.initial.rebalance.delay.ms", 3000, null,
        Medium(ReadOnly, "How long a new group waits for more members before its first rebalance, in milliseconds."));

    public static readonly ConfigKey<int> GroupMaxSessionTimeoutMs = Section.Int("group.max.session.timeout.ms", 1800000, null,
        Medium(ReadOnly, "Longest session timeout a member may ask for, in milliseconds."));

    public static readonly ConfigKey<int> GroupMinSessionTimeoutMs = Section.Int("group.min.session.timeout.ms", 6000, null,
        Medium(ReadOnly, "Shortest session timeout a member may ask for, in milliseconds."));

    public static readonly ConfigKey<int> GroupMaxSize = Section.Int("group.max.size", int.MaxValue, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Members of a group at most."));

    public static readonly ConfigKey<int> GroupCoordinatorAppendLingerMs = Section.Int("group.coordinator.append.linger.ms", -1, ConfigRule.AtLeast(-1),
        Medium(ReadOnly, "How long the coordinator gathers writes, in milliseconds; -1: as long as it has others to do.").NotYet());

    public static readonly ConfigKey<int> GroupCoordinatorBackgroundThreads = Section.Int("group.coordinator.background.threads", 2, ConfigRule.AtLeast(1),
        High(ReadOnly, "Threads for the coordinator's background work. Here it runs on the shared thread pool.").NoEffect());

    public static readonly ConfigKey<int> GroupCoordinatorCachedBufferMaxBytes = Section.Int("group.coordinator.cached.buffer.max.bytes", 1048588, ConfigRule.AtLeast(524288),
        Medium(ClusterWide, "Largest write buffer the coordinator keeps for reuse, in bytes.").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> GroupCoordinatorRebalanceProtocols = Section.List("group.coordinator.rebalance.protocols", ["classic", "consumer", "streams"], ConfigRule.ListOf(false, "consumer", "classic", "share", "streams"),
        Medium(ReadOnly, "Group protocols that are offered.").NotYet());

    public static readonly ConfigKey<int> GroupCoordinatorThreads = Section.Int("group.coordinator.threads", 4, ConfigRule.AtLeast(1),
        High(ReadOnly, "Threads of the coordinator. Here each partition of it is a loop on the shared thread pool.").NoEffect());

    public static readonly ConfigKey<int> GroupConsumerAssignmentIntervalMs = Section.Int("group.consumer.assignment.interval.ms", 1000, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "Shortest time between two assignments of a consumer group, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerMinAssignmentIntervalMs = Section.Int("group.consumer.min.assignment.interval.ms", 0, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Smallest value a group may set for that interval, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerMaxAssignmentIntervalMs = Section.Int("group.consumer.max.assignment.interval.ms", 15000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Largest value a group may set for that interval, in milliseconds.").NotYet());

    public static readonly ConfigKey<bool> GroupConsumerAssignorOffloadEnable = Section.Bool("group.consumer.assignor.offload.enable", true,
        Medium(ClusterWide, "Whether assignments of consumer groups are computed off the coordinator's loop.").Internal().NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> GroupConsumerAssignors = Section.List("group.consumer.assignors", ["uniform", "range"], ConfigRule.DistinctList,
        Medium(ReadOnly, "Assignors of consumer groups; the first is the default.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerHeartbeatIntervalMs = Section.Int("group.consumer.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How often members of consumer groups send heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerMinHeartbeatIntervalMs = Section.Int("group.consumer.min.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Smallest value a group may set for heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerMaxHeartbeatIntervalMs = Section.Int("group.consumer.max.heartbeat.interval.ms", 15000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Largest value a group may set for heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerSessionTimeoutMs = Section.Int("group.consumer.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How long a member of a consumer group may be silent, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerMinSessionTimeoutMs = Section.Int("group.consumer.min.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Smallest value a group may set for the session timeout, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerMaxSessionTimeoutMs = Section.Int("group.consumer.max.session.timeout.ms", 60000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Largest value a group may set for the session timeout, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerMaxSize = Section.Int("group.consumer.max.size", int.MaxValue, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Members of a consumer group at most.").NotYet());

    public static readonly ConfigKey<string?> GroupConsumerMigrationPolicy = Section.String("group.consumer.migration.policy", "bidirectional", ConfigRule.OneOfIgnoringCase("DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"),
        Medium(ReadOnly, "Whether groups may change between the classic and the consumer protocol while they run: `upgrade`, `downgrade`, `bidirectional` or `disabled`.").NotYet());

    public static readonly ConfigKey<int> GroupConsumerRegexRefreshIntervalMs = Section.Int("group.consumer.regex.refresh.interval.ms", 600000, ConfigRule.AtLeast(10000),
        Medium(ReadOnly, "How often subscribed regular expressions are matched anew, in milliseconds.").Internal().NotYet());
}
