using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Streams groups (KIP-1071).</summary>
public static class StreamsGroupKeys
{
    internal static readonly KeySection Section = new("Streams groups");

    public static readonly ConfigKey<long> GroupStreamsAcceptableRecoveryLag = Section.Long("group.streams.acceptable.recovery.lag", 10000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "How many offsets a streams client may lag behind and still be taken as caught up.").Internal().NotYet());

    public static readonly ConfigKey<int> GroupStreamsAssignmentIntervalMs = Section.Int("group.streams.assignment.interval.ms", 1000, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "Shortest time between two assignments of a streams group, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMinAssignmentIntervalMs = Section.Int("group.streams.min.assignment.interval.ms", 0, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Smallest value a group may set for that interval, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMaxAssignmentIntervalMs = Section.Int("group.streams.max.assignment.interval.ms", 15000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Largest value a group may set for that interval, in milliseconds.").NotYet());

    public static readonly ConfigKey<bool> GroupStreamsAssignorOffloadEnable = Section.Bool("group.streams.assignor.offload.enable", true,
        Medium(ClusterWide, "Whether assignments of streams groups are computed off the coordinator's loop.").Internal().NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> GroupStreamsAssignors = Section.List("group.streams.assignors", ["sticky"], ConfigRule.DistinctList,
        Medium(ReadOnly, "Assignors of streams groups; the first is the default.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsHeartbeatIntervalMs = Section.Int("group.streams.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How often members of streams groups send heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMinHeartbeatIntervalMs = Section.Int("group.streams.min.heartbeat.interval.ms", 5000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Smallest value a group may set for heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMaxHeartbeatIntervalMs = Section.Int("group.streams.max.heartbeat.interval.ms", 15000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Largest value a group may set for heartbeats, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsInitialRebalanceDelayMs = Section.Int("group.streams.initial.rebalance.delay.ms", 3000, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "How long a new streams group waits for more members, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsSessionTimeoutMs = Section.Int("group.streams.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How long a member of a streams group may be silent, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMinSessionTimeoutMs = Section.Int("group.streams.min.session.timeout.ms", 45000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Smallest value a group may set for the session timeout, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMaxSessionTimeoutMs = Section.Int("group.streams.max.session.timeout.ms", 60000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Largest value a group may set for the session timeout, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMaxSize = Section.Int("group.streams.max.size", int.MaxValue, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Members of a streams group at most.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsNumStandbyReplicas = Section.Int("group.streams.num.standby.replicas", 0, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Standby copies of each stateful task.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsMaxStandbyReplicas = Section.Int("group.streams.max.standby.replicas", 2, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Largest value a group may set for standby copies.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsNumWarmupReplicas = Section.Int("group.streams.num.warmup.replicas", 2, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Warm-up copies of tasks at a time.").Internal().NotYet());

    public static readonly ConfigKey<int> GroupStreamsMaxWarmupReplicas = Section.Int("group.streams.max.warmup.replicas", 20, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "Largest value a group may set for warm-up copies.").Internal().NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> GroupStreamsRackAwareAssignmentTags = Section.List("group.streams.rack.aware.assignment.tags", [], ConfigRule.DistinctList,
        Low(ReadOnly, "Client tags over which standby tasks are spread.").NotYet());

    public static readonly ConfigKey<int> GroupStreamsTaskOffsetIntervalMs = Section.Int("group.streams.task.offset.interval.ms", 60000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How often members report their task offsets, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<int> GroupStreamsMinTaskOffsetIntervalMs = Section.Int("group.streams.min.task.offset.interval.ms", 15000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Smallest value a group may set for that interval, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<string?> GroupStreamsTopologyDescriptionPluginClass = Section.Class("group.streams.topology.description.plugin.class", null,
        Medium(ReadOnly, "Java class that stores descriptions of topologies.").NoEffect());
}
