using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;

namespace Moldau.Broker.Tests.Admin;

/// <summary>A whole node in the simulated world, and a client that administers it.</summary>
internal sealed class AdminScenario(SimulatedWorld world, NodeConnection node)
{
    private const int Port = 9092;

    /// <summary>The connection.</summary>
    public NodeConnection Node => node;

    /// <summary>Opens another connection.</summary>
    public Task<NodeConnection> ConnectAsync() => ConnectAsync(world);

    /// <summary>Starts a node and plays a scenario against it, from one seed.</summary>
    public static void Play(Func<AdminScenario, Task> scenario, params (string Name, string Value)[] sets) => Play(scenario, Given(sets));

    /// <summary>As the other, with a whole configuration.</summary>
    public static void Play(Func<AdminScenario, Task> scenario, NodeOptions options)
    {
        using SimulatedWorld world = new(seed: 1);
        SimulatedHost host = world.AddHost("node");
        world.Run(async () =>
        {
            SimulatedProcess process = host.Start();
            var broker = new BrokerNode(options, process.Transport, process.Files, process.Scheduler, NullLoggerFactory.Instance);
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = process.Scheduler.Start("start", async () =>
            {
                await broker.StartAsync();
                started.SetResult();
            });
            await started.Task;
            await scenario(new AdminScenario(world, await ConnectAsync(world)));
        });
    }

    /// <summary>Creates a topic; the error that comes of it.</summary>
    public async Task<ErrorCode> CreateAsync(string topic, int partitions = 1, params (string Name, string? Value)[] configs)
    {
        var request = new CreateTopicsRequest();
        request.Topics.Add(new()
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = -1,
            Configs = [.. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Name, Value = config.Value })],
        });
        return (ErrorCode)Assert.Single((await node.AskAsync(request, 7)).Topics).ErrorCode;
    }

    /// <summary>Changes keys of a resource incrementally.</summary>
    public async Task<(ErrorCode Error, string? Message)> AlterAsync(sbyte type, string resource, params (string Name, sbyte Operation, string? Value)[] changes)
    {
        var request = new IncrementalAlterConfigsRequest();
        request.Resources.Add(new()
        {
            ResourceType = type,
            ResourceName = resource,
            Configs = [.. changes.Select(change => new IncrementalAlterConfigsRequest.AlterableConfig { Name = change.Name, ConfigOperation = change.Operation, Value = change.Value })],
        });
        var response = Assert.Single((await node.AskAsync(request, 1)).Responses);
        Assert.Equal((type, resource), (response.ResourceType, response.ResourceName));
        return ((ErrorCode)response.ErrorCode, response.ErrorMessage);
    }

    /// <summary>Describes a resource.</summary>
    public async Task<DescribeConfigsResponse.DescribeConfigsResult> DescribeAsync(sbyte type, string resource, params string[] keys)
    {
        var request = new DescribeConfigsRequest { IncludeSynonyms = true };
        request.Resources.Add(new() { ResourceType = type, ResourceName = resource, ConfigurationKeys = keys.Length == 0 ? null : [.. keys] });
        return Assert.Single((await node.AskAsync(request, 4)).Results);
    }

    /// <summary>The value in effect of one key.</summary>
    public async Task<string?> ValueAsync(sbyte type, string resource, string key) => Assert.Single((await DescribeAsync(type, resource, key)).Configs).Value;

    /// <summary>Options of a node in the simulated world.</summary>
    public static NodeOptions Given(params (string Name, string Value)[] sets) => NodeConfiguration.Load(
        null,
        [new("listeners", $"PLAINTEXT://node:{Port}"), new("log.dirs", "/data"), .. sets.Select(set => new KeyValuePair<string, string>(set.Name, set.Value))]).Options;

    private static async Task<NodeConnection> ConnectAsync(SimulatedWorld world) =>
        new(await world.Driver.Transport.ConnectAsync("node", Port, CancellationToken.None));
}
