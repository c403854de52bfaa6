using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Simulated;

namespace Moldau.Simulation.Nodes;

/// <summary>
/// A machine with a node on it, as it ships: <see cref="BrokerNode"/> on the machine's network, disk, clock and scheduler. Whatever ends the process, a new one
/// is started after a while, until <see cref="IsSupervised"/> is taken back. Called from the driver.
/// </summary>
internal sealed class SimulatedNode
{
    public const string Name = "node";
    public const int Port = 9092;

    private readonly SimulatedWorld world;
    private readonly ILoggerFactory loggers;
    private readonly SeededRandom random;
    private BrokerNode? node;

    public SimulatedNode(SimulatedWorld world)
    {
        this.world = world;
        Host = world.AddHost(Name);
        random = world.Random.Fork();
        loggers = world.Trace.Lines is null ? NullLoggerFactory.Instance : new TraceLoggers(world, Host);
    }

    /// <summary>The machine.</summary>
    public SimulatedHost Host { get; }

    /// <summary>What the node is given as its properties, by key.</summary>
    public SortedDictionary<string, string> Properties { get; } = DefaultProperties();

    /// <summary>What is broken in the node on purpose.</summary>
    public PlantedBugs Planted { get; init; } = PlantedBugs.None;

    /// <summary>How often it has been started.</summary>
    public int Boots { get; private set; }

    /// <summary>Whether it serves clients.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Whether a new process is started when one has ended.</summary>
    public bool IsSupervised { get; set; } = true;

    /// <summary>Called when a process begins, before the node looks at what the last one has left on the disk.</summary>
    public Action? Inspecting { get; init; }

    /// <summary>Whether the disk may fail: a node that ends by itself then is right to do so.</summary>
    public bool DiskMayFail { get; set; }

    /// <summary>Whether one of several directories may fail: the node then goes on with the others.</summary>
    public bool DirectoryMayFail { get; set; }

    /// <summary>Its log directories; the metadata are in the first.</summary>
    public IReadOnlyList<string> Directories => Properties["log.dirs"].Split(',');

    /// <summary>The properties of a node on a machine of this name, and nothing else.</summary>
    public static SortedDictionary<string, string> DefaultProperties() => new(StringComparer.Ordinal)
    {
        ["node.id"] = "1",
        ["log.dirs"] = "/data",
        ["listeners"] = $"PLAINTEXT://{Name}:{Port}",
        ["offsets.topic.replication.factor"] = "1",
    };

    /// <summary>Keeps the node running.</summary>
    public async Task SuperviseAsync()
    {
        while (IsSupervised)
        {
            Boots++;
            SimulatedProcess process = Host.Start();
            await Task.WhenAny(process.Scheduler.Start("node", () => LiveAsync(process)), process.Ended);
            IsServing = false;
            if (Host.Process == process || DirectoryMayFail) EndProcess();
            await world.Driver.Scheduler.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        }
    }

    /// <summary>Waits until it serves clients.</summary>
    public async Task ServingAsync()
    {
        while (!IsServing) await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(10));
    }

    /// <summary>Stops the node in order.</summary>
    public void Stop()
    {
        if (Host.Process is { } process && node is { } running && IsServing) _ = process.Scheduler.Start("stop", running.StopAsync);
    }

    /// <summary>Stops the node in order, for good, and completes when it has ended.</summary>
    public async Task StopForGoodAsync()
    {
        IsSupervised = false;
        await ServingAsync();
        Stop();
        while (Host.Process is not null) await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(10));
    }

    /// <summary>Ends the process in one of the three ways, and completes when it has been started again.</summary>
    public async Task RestartAsync()
    {
        int boots = Boots;
        switch (random.Below(3))
        {
            case 0:
                Host.PowerCut();
                break;
            case 1:
                Host.Kill();
                break;
            default:
                Stop();
                break;
        }

        while (Boots == boots) await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(10));
    }

    private async Task LiveAsync(SimulatedProcess process)
    {
        Inspecting?.Invoke();
        BrokerNode starting = node = new BrokerNode(Planted.In(NodeOptions.Parse(Properties)), process.Transport, process.Files, process.Scheduler, loggers);
        try
        {
            await starting.StartAsync();
        }
        catch (IOException failure) when (DiskMayFail)
        {
            world.Trace.Lines?.Invoke($"{Name} does not start: {failure.Message}");
            return;
        }

        IsServing = true;
        NodeExit exit = await starting.Completion;
        if (exit == NodeExit.Failed && !DiskMayFail) throw new BrokenPromiseException($"the node has ended by itself: {starting.Failure?.Message}", starting.Failure);
    }

    // After a failed flush the page cache shows what the disk does not have: the machine is started anew, as its operator is told to.
    private void EndProcess()
    {
        if (DiskMayFail || DirectoryMayFail) Host.PowerCut();
        else Host.Kill();
        Host.Disk.Faults.Clear();
        DiskMayFail = DirectoryMayFail = false;
    }
}
