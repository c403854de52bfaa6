using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Protocol.Transport;
using Moldau.Storage.Files;

namespace Moldau.Client.Tests.Clusters;

/// <summary>A node of Moldau in this process, on loopback and a temporary folder.</summary>
internal sealed class MoldauNode : ITestCluster
{
    private readonly string folder = Directory.CreateTempSubdirectory("moldau-client-").FullName;
    private readonly BrokerNode node;

    private MoldauNode()
    {
        var scheduler = new ThreadPoolScheduler(TimeProvider.System, static (loop, e) => Environment.FailFast($"{loop}: {e}"));
        Dictionary<string, string> settings = new()
        {
            ["node.id"] = "1",
            ["process.roles"] = "broker,controller",
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["log.dirs"] = folder,
            ["offsets.topic.replication.factor"] = "1",
            ["offsets.topic.num.partitions"] = "2",
            ["group.initial.rebalance.delay.ms"] = "0",
            ["num.partitions"] = "3",
        };
        node = new BrokerNode(NodeOptions.Parse(settings), new SocketTransport(), new PhysicalFileSystem(), scheduler, NullLoggerFactory.Instance);
    }

    public string Bootstrap => $"127.0.0.1:{node.Listeners[0].Port}";

    public static async Task<MoldauNode> StartAsync()
    {
        var started = new MoldauNode();
        await started.node.StartAsync();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await node.StopAsync();
        Directory.Delete(folder, recursive: true);
    }
}
