using Moldau.Compat.Oracle;
using Moldau.Processes;

namespace Moldau.Compat.Compaction;

/// <summary>A Moldau node and an Apache Kafka node that clean five times a second. Without Apache Kafka only the first is there.</summary>
public sealed class CompactionNodes : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private OracleNode? _moldau, _kafka;

    internal OracleNode Moldau => _moldau!;

    internal OracleNode Kafka => _kafka!;

    public async ValueTask InitializeAsync()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<NodeProcess>? kafka = KafkaPeer.Find() is { } peer ? StartAsync(peer, "kafka", token) : null;
        _moldau = new OracleNode(await StartAsync(new MoldauProgram(MoldauProgram.BuiltExecutable()), "moldau", token));
        if (kafka is not null) _kafka = new OracleNode(await kafka);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OracleNode? node in new[] { _moldau, _kafka })
        {
            if (node is null) continue;
            node.Dispose();
            await node.Process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<NodeProcess> StartAsync(NodeProgram program, string name, CancellationToken token)
    {
        var setup = new NodeSetup(Path.Combine(_folder.Path, name), FreePorts.NextPair())
        {
            ByPropertiesFile = program is KafkaPeer,
            Settings = new Dictionary<string, string>
            {
                ["log.cleaner.backoff.ms"] = "200",
                ["log.cleaner.min.cleanable.ratio"] = "0.01",
                ["offsets.topic.num.partitions"] = "1",
            },
        };
        return await NodeProcess.StartedAsync(program, setup, token);
    }
}
