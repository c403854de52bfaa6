using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Simulated;

namespace Moldau.Simulation.Nodes;

/// <summary>
/// A machine with a node on it, as it ships: <see cref="BrokerNode"/> on the machine's network, disk, clock and scheduler. Called from the driver.
/// </summary>
internal sealed class SimulatedNode
{
    public const int Port = 9092;

    private readonly SimulatedWorld world;
    private readonly ILoggerFactory loggers;
    private BrokerNode? node;

    public SimulatedNode(SimulatedWorld world, string name)
    {
        this.world = world;
        Host = world.AddHost(name);
        loggers = world.Trace.Lines is null ? NullLoggerFactory.Instance : new TraceLoggers(world, Host);
    }

    /// <summary>The machine.</summary>
    public SimulatedHost Host { get; }

    /// <summary>What the node is given as its properties, by key.</summary>
    public SortedDictionary<string, string> Properties { get; } = new(StringComparer.Ordinal)
    {
        ["node.id"] = "1",
        ["log.dirs"] = "/data",
        ["listeners"] = $"PLAINTEXT://node:{Port}",
        ["offsets.topic.replication.factor"] = "1",
    };

    /// <summary>Starts a process with the node and waits until it serves; false when it has ended before.</summary>
    public async Task<bool> StartAsync()
    {
        SimulatedProcess process = Host.Start();
        BrokerNode starting = node = new BrokerNode(NodeOptions.Parse(Properties), process.Transport, process.Files, process.Scheduler, loggers);
        Task started = process.Scheduler.Start("start", () => starting.StartAsync());
        await Task.WhenAny(started, process.Ended);
        if (started.IsFaulted) await started;
        return started.IsCompletedSuccessfully;
    }

    /// <summary>Stops the node in order, and ends the process; false when it has ended before.</summary>
    public async Task<bool> StopAsync()
    {
        SimulatedProcess process = Host.Process!;
        Task stopped = process.Scheduler.Start("stop", node!.StopAsync);
        await Task.WhenAny(stopped, process.Ended);
        bool inOrder = stopped.IsCompletedSuccessfully;
        Host.Kill();
        return inOrder;
    }
}
