using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Creation and deletion of topics, and elections of their leaders.</summary>
public static class TopicDefaultKeys
{
    internal static readonly KeySection Section = new("Topics and elections");

    public static readonly ConfigKey<bool> AutoCreateTopicsEnable = Section.Bool("auto.create.topics.enable", true,
        High(ReadOnly, "Whether a topic that a client asks for and that does not exist is created."));

    public static readonly ConfigKey<int> NumPartitions = Section.Int("num.partitions", 1, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Partitions of a topic created without a number."));

    public static readonly ConfigKey<int> DefaultReplicationFactor = Section.Int("default.replication.factor", 1, null,
        Medium(ReadOnly, "Replicas of a topic created without a number."));

    public static readonly ConfigKey<bool> DeleteTopicEnable = Section.Bool("delete.topic.enable", true,
        High(ReadOnly, "Whether topics can be deleted."));

    public static readonly ConfigKey<string?> CreateTopicPolicyClassName = Section.Class("create.topic.policy.class.name", null,
        Low(ReadOnly, "Java class that judges the creation of topics.").NoEffect());

    public static readonly ConfigKey<string?> AlterConfigPolicyClassName = Section.Class("alter.config.policy.class.name", null,
        Low(ReadOnly, "Java class that judges changes of configuration.").NoEffect());

    public static readonly ConfigKey<int> MaxRequestPartitionSizeLimit = Section.Int("max.request.partition.size.limit", 2000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Partitions described at most in one answer to DescribeTopicPartitions."));

    public static readonly ConfigKey<int> MinInsyncReplicas = Section.Int("min.insync.replicas", 1, ConfigRule.AtLeast(1),
        High(ClusterWide, "How many replicas must be in sync for a write with acks=all, for topics that do not say."));

    public static readonly ConfigKey<bool> AutoLeaderRebalanceEnable = Section.Bool("auto.leader.rebalance.enable", true,
        High(ReadOnly, "Whether leadership is moved back to the preferred replicas from time to time."));

    public static readonly ConfigKey<long> LeaderImbalanceCheckIntervalSeconds = Section.Long("leader.imbalance.check.interval.seconds", 300, ConfigRule.AtLeast(1),
        High(ReadOnly, "How often leadership is compared with the preferred replicas, in seconds."));

    public static readonly ConfigKey<bool> UncleanLeaderElectionEnable = Section.Bool("unclean.leader.election.enable", false,
        High(ClusterWide, "Whether a replica that is not in sync may lead when no other is left, for topics that do not say."));

    public static readonly ConfigKey<long> UncleanLeaderElectionIntervalMs = Section.Long("unclean.leader.election.interval.ms", 300000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How often partitions without leader are looked at for an unclean election, in milliseconds.").Internal());
}
