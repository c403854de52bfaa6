using Moldau.Broker.Configuration;
using Moldau.Broker.Controllers;
using Moldau.Broker.Fetching;
using Moldau.Broker.Groups;
using Moldau.Broker.Partitions;
using Moldau.Broker.Publishing;
using Moldau.Broker.Quorum;
using Moldau.Protocol.Transport;
using Moldau.Storage;

namespace Moldau.Broker.Lifecycle;

/// <summary>What a node's handlers are made from. Made once by the composition root.</summary>
internal sealed record NodeServices
{
    /// <summary>The configuration the node was started with.</summary>
    public required NodeOptions Options { get; init; }

    /// <summary>The configuration in effect now.</summary>
    public required DynamicConfig DynamicConfig { get; init; }

    /// <summary>The node's logger.</summary>
    public required NodeLogger Logger { get; init; }

    /// <summary>The cluster's id.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Loops, clock, random bytes.</summary>
    public required IScheduler Scheduler { get; init; }

    /// <summary>Deadlines of requests that wait.</summary>
    public required Purgatory Purgatory { get; init; }

    /// <summary>The published metadata.</summary>
    public required MetadataCache Metadata { get; init; }

    /// <summary>The node's logs.</summary>
    public required LogStore Store { get; init; }

    /// <summary>Moves logs between the directories.</summary>
    public required ReplicaMover Mover { get; init; }

    /// <summary>The partitions on this node.</summary>
    public required PartitionTable Partitions { get; init; }

    /// <summary>The quorum.</summary>
    public required RaftNode Raft { get; init; }

    /// <summary>The controller of this process, for admin requests.</summary>
    public required ControllerLoop Controller { get; init; }

    /// <summary>Producer ids.</summary>
    public required ProducerIds ProducerIds { get; init; }

    /// <summary>Automatic creation of topics.</summary>
    public required TopicAutoCreation AutoCreation { get; init; }

    /// <summary>Fetch sessions.</summary>
    public required FetchSessionCache FetchSessions { get; init; }

    /// <summary>The group coordinator.</summary>
    public required GroupCoordinator Groups { get; init; }
}
