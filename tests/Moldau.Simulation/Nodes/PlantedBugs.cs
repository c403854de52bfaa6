using Moldau.Broker;
using Moldau.Storage;

namespace Moldau.Simulation.Nodes;

/// <summary>What is broken in a node on purpose, to see that the checks find it.</summary>
internal sealed record PlantedBugs(PlantedNodeBugs InNode)
{
    /// <summary>Nothing.</summary>
    public static PlantedBugs None { get; } = new(new PlantedNodeBugs());

    /// <summary>A record is acknowledged before it is on the disk.</summary>
    public static PlantedBugs AcknowledgeBeforeSync { get; } = InStorage(new PlantedStorageBugs { AcknowledgesBeforeSync = true });

    /// <summary>What a power cut has torn stays at the end of the log.</summary>
    public static PlantedBugs SkipTruncation { get; } = InStorage(new PlantedStorageBugs { SkipsTruncation = true });

    /// <summary>A restart makes partitions forget how far their producers have come.</summary>
    public static PlantedBugs ForgetSequences { get; } = InStorage(new PlantedStorageBugs { ForgetsProducers = true });

    /// <summary>A restart loses the last committed offset of a group.</summary>
    public static PlantedBugs LoseGroupOffset { get; } = new(new PlantedNodeBugs { LosesLastGroupRecord = true });

    /// <summary>The options of a node that has them.</summary>
    public NodeOptions In(NodeOptions options) => options with { Planted = InNode };

    private static PlantedBugs InStorage(PlantedStorageBugs bugs) => new(new PlantedNodeBugs { InStore = options => options with { Planted = bugs } });
}
