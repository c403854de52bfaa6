using Moldau.Broker;

namespace Moldau.Simulation.Nodes;

/// <summary>What is broken in a node on purpose, to see that the checks find it.</summary>
internal sealed record PlantedBugs(Func<NodeOptions, NodeOptions> In)
{
    /// <summary>Nothing.</summary>
    public static PlantedBugs None { get; } = new(static options => options);
}
