using System.Collections.Immutable;

namespace Moldau.Metadata.Control;

/// <summary>What a controller is told once, by Kafka's names.</summary>
public sealed record ControllerOptions
{
    /// <summary>The cluster's id.</summary>
    public required string ClusterId { get; init; }

    /// <summary><c>node.id</c></summary>
    public required int NodeId { get; init; }

    /// <summary>Ids of the voters.</summary>
    public required ImmutableArray<int> QuorumNodeIds { get; init; }

    /// <summary>What is known of configuration keys.</summary>
    public required IConfigRules ConfigRules { get; init; }

    /// <summary>Randomness.</summary>
    public required IControllerRandom Random { get; init; }

    /// <summary>Whether a broker runs in this very process under the same node id: nobody else can then hold that id with this data directory.</summary>
    public bool HasLocalBroker { get; init; }

    /// <summary><c>num.partitions</c></summary>
    public int DefaultPartitions { get; init; } = 1;

    /// <summary><c>default.replication.factor</c></summary>
    public short DefaultReplicationFactor { get; init; } = 1;

    /// <summary><c>delete.topic.enable</c></summary>
    public bool DeleteTopicEnable { get; init; } = true;

    /// <summary><c>broker.session.timeout.ms</c></summary>
    public long SessionTimeoutMs { get; init; } = 9_000;

    /// <summary><c>metadata.max.idle.interval.ms</c>: the log grows by at least a record in it, so that lag can be seen. 0: never.</summary>
    public long MaxIdleIntervalMs { get; init; } = 500;

    /// <summary><c>auto.leader.rebalance.enable</c></summary>
    public bool AutoLeaderRebalance { get; init; } = true;

    /// <summary><c>leader.imbalance.check.interval.seconds</c>, in milliseconds.</summary>
    public long LeaderImbalanceCheckIntervalMs { get; init; } = 300_000;

    /// <summary><c>unclean.leader.election.interval.ms</c></summary>
    public long UncleanLeaderElectionIntervalMs { get; init; } = 300_000;
}
