using System.Text.Json.Nodes;
using Moldau.Processes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Compat.Oracle;

/// <summary>A Moldau node and an Apache Kafka node of the same configuration, started once for all tables. Without Apache Kafka neither is started.</summary>
public sealed class OraclePair : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private OracleNode? _moldau, _kafka;

    public async ValueTask InitializeAsync()
    {
        if (KafkaPeer.Find() is not { } peer) return;
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<NodeProcess> kafka = StartAsync(peer, "kafka", token);
        _moldau = new OracleNode(await StartAsync(new MoldauProgram(MoldauProgram.BuiltExecutable()), "moldau", token));
        _kafka = new OracleNode(await kafka);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OracleNode? node in new[] { _moldau, _kafka })
        {
            if (node == null) continue;
            node.Dispose();
            await node.Process.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Sends every case of a table at every version to both nodes.</summary>
    /// <returns>A line for each answer that differs.</returns>
    internal async Task<List<string>> DifferencesAsync(OracleTable table, CancellationToken token)
    {
        var found = new List<string>();
        var differed = new HashSet<OracleCase>();
        for (short version = table.Versions.Lowest; version <= table.Versions.Highest; version++)
        {
            foreach (OracleCase asked in table.Cases.Where(asked => asked.IsAt(version)))
            {
                (string ours, string theirs) = await AskBothAsync(asked, version, token);
                if (ours == theirs) continue;
                differed.Add(asked);
                if (asked.Ours == null) found.Add($"{asked.Api} v{asked.FixedVersion ?? version} ({asked.About}):\n  moldau {ours}\n  kafka  {theirs}");
            }
        }

        found.AddRange(table.Cases.Where(asked => asked.Ours != null && !differed.Contains(asked)).Select(asked => $"{asked.About}: agrees now, though said to differ ({asked.Ours})"));
        return found;
    }

    /// <summary>Sends one request to both, and gives both answers as they came.</summary>
    internal async Task<(JsonNode Moldau, JsonNode Kafka)> AskAsync(IRequest request, short version, CancellationToken token) =>
        (await _moldau!.AskAsync(request, version, token), await _kafka!.AskAsync(request, version, token));

    private async Task<(string Ours, string Theirs)> AskBothAsync(OracleCase asked, short version, CancellationToken token)
    {
        async Task<(string Ours, string Theirs)> AskOnce() =>
            (AnswerForm.Of(await _moldau!.AskAsync(asked, version, token), _moldau, asked.Masked),
                AnswerForm.Of(await _kafka!.AskAsync(asked, version, token), _kafka, asked.Masked));

        (string, string) answers = await AskOnce();
        if (asked.Settles && answers.Item1 != answers.Item2) answers = await SettledAsync(AskOnce, token);
        if (asked.Api == ApiKey.CreateTopics) await SettleTopicsAsync(token);
        return answers;
    }

    private static async Task<(string Ours, string Theirs)> SettledAsync(Func<Task<(string Ours, string Theirs)>> ask, CancellationToken token)
    {
        (string Ours, string Theirs) last = default;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (int tries = 0; tries < 60; tries++)
        {
            await pace.WaitForNextTickAsync(token);
            last = await ask();
            if (last.Ours == last.Theirs) break;
        }

        return last;
    }

    // A controller answers before its broker has opened the partitions; what is sent next would meet the race, and not the same one on both.
    private async Task SettleTopicsAsync(CancellationToken token)
    {
        var everything = new MetadataRequest { Topics = null, AllowAutoTopicCreation = false };
        await SettledAsync(
            async () =>
            {
                (JsonNode ours, JsonNode theirs) = await AskAsync(everything, 9, token);
                return (AnswerForm.Of(ours, _moldau!, []), AnswerForm.Of(theirs, _kafka!, []));
            },
            token);
    }

    private async Task<NodeProcess> StartAsync(NodeProgram program, string name, CancellationToken token)
    {
        var setup = new NodeSetup(Path.Combine(_folder.Path, name), FreePorts.NextPair())
        {
            ByPropertiesFile = true,
            Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0", ["log.retention.ms"] = "-1" },
        };
        return await NodeProcess.StartedAsync(program, setup, token);
    }
}
