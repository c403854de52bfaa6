using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker.Controllers;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Simulated;

namespace Moldau.Broker.Tests.Nodes;

/// <summary>A whole node on a simulated machine, and clients on another: one thread, virtual time, one seed.</summary>
internal sealed class NodeWorld : IDisposable
{
    private const int Port = 9092;

    private NodeWorld(ulong seed)
    {
        World = new SimulatedWorld(seed);
        Machine = World.AddHost("node");
    }

    public SimulatedWorld World { get; }

    public SimulatedHost Machine { get; }

    /// <summary>The node that was started last.</summary>
    public BrokerNode Node { get; private set; } = null!;

    public TimeProvider Time => World.Driver.Scheduler.Time;

    public IScheduler Scheduler => World.Driver.Scheduler;

    /// <summary>Plays a scenario against a node that has been started with these settings.</summary>
    public static void Run(Func<NodeWorld, Task> scenario, params (string Key, string Value)[] settings) => Run(1, scenario, settings);

    /// <summary>Plays it with another seed.</summary>
    public static void Run(ulong seed, Func<NodeWorld, Task> scenario, params (string Key, string Value)[] settings)
    {
        using var world = new NodeWorld(seed);
        world.World.Run(async () =>
        {
            await world.StartNodeAsync(settings);
            await scenario(world);
        });
    }

    /// <summary>Starts the machine if it is off, and a node on it.</summary>
    public async Task StartNodeAsync(params (string Key, string Value)[] settings)
    {
        SimulatedProcess process = Machine.Process ?? Machine.Start();
        var given = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = "/data",
            ["listeners"] = $"PLAINTEXT://node:{Port}",
            ["offsets.topic.replication.factor"] = "1",
            ["offsets.topic.num.partitions"] = "3",
        };
        foreach ((string key, string value) in settings) given[key] = value;
        Node = new BrokerNode(NodeOptions.Parse(given), process.Transport, process.Files, process.Scheduler, NullLoggerFactory.Instance);
        await process.Scheduler.Start("start", () => Node.StartAsync());
    }

    /// <summary>Stops the node as SIGTERM does.</summary>
    public Task StopNodeAsync() => Machine.Process!.Scheduler.Start("stop", Node.StopAsync);

    /// <summary>A client's connection.</summary>
    public async Task<RawClient> ConnectAsync(int port = Port) => new(await World.Driver.Transport.ConnectAsync("node", port, default), Scheduler);

    /// <summary>Creates a topic through the controller.</summary>
    public async Task<Uuid> CreateTopicAsync(string name, int partitions = 1, params (string Key, string Value)[] configs)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 10_000 };
        CreateTopicsRequest.CreatableTopic topic = request.Topics.Add();
        topic.Name = name;
        topic.NumPartitions = partitions;
        topic.ReplicationFactor = 1;
        foreach ((string key, string value) in configs)
        {
            CreateTopicsRequest.CreatableTopicConfig config = topic.Configs.Add();
            config.Name = key;
            config.Value = value;
        }

        CreateTopicsResponse? response = await new LocalControllerChannel(Node.Services.Controller, Node.Services.Metadata).CreateTopicsAsync(request);
        Assert.NotNull(response);
        Assert.Equal(ErrorCode.None, (ErrorCode)response.Topics[0].ErrorCode);
        return response.Topics[0].TopicId;
    }

    /// <summary>The wall clock on the node's machine, in milliseconds.</summary>
    public long Now() => Machine.Process!.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => World.Dispose();
}
