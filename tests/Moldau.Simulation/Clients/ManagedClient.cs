using Moldau.Client;
using Moldau.Simulated;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>The managed client as it ships, on a machine of the simulated world, with the patience that a scenario of half an hour asks for.</summary>
internal static class ManagedClient
{
    /// <summary>Longer than any scenario: within it every record has to be delivered, once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static KafkaClient On(SimulatedProcess process) => new(
        new ClientOptions { BootstrapServers = [$"{SimulatedNode.Name}:{SimulatedNode.Port}"], ClientId = process.Host.Name, OperationTimeout = Patience },
        process.Transport,
        process.Scheduler);
}
