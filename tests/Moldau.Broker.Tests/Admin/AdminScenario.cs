using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>A whole node in the simulated world, and a client that administers it.</summary>
internal sealed class AdminScenario(NodeWorld world, RawClient node)
{
    /// <summary>The connection.</summary>
    public RawClient Node => node;

    /// <summary>The world around it.</summary>
    public NodeWorld World => world;

    /// <summary>Starts a node and plays a scenario against it.</summary>
    public static void Play(Func<AdminScenario, Task> scenario, params (string Key, string Value)[] settings) =>
        NodeWorld.Run(async world => await scenario(new AdminScenario(world, await world.ConnectAsync())), settings);

    /// <summary>Starts a node whose controller has a listener of its own, and plays a scenario against both.</summary>
    public static void PlayApart(Func<AdminScenario, AdminScenario, Task> scenario) => NodeWorld.Run(
        async world => await scenario(new AdminScenario(world, await world.ConnectAsync(9093)), new AdminScenario(world, await world.ConnectAsync())),
        ("process.roles", "broker,controller"), ("listeners", "PLAINTEXT://node:9092,CONTROLLER://node:9093"), ("controller.listener.names", "CONTROLLER"));

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

    /// <summary>Whether the node answers a new connection.</summary>
    public async Task<bool> AnswersAnotherConnectionAsync()
    {
        try
        {
            RawClient other = await world.ConnectAsync();
            await other.SendAsync(new ApiVersionsRequest(), 0);
            return await other.ReadFrameAsync() is not null;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
