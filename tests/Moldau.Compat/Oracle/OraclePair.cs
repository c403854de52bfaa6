using System.Diagnostics;
using System.Text.Json.Nodes;
using Moldau.Processes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Compat.Oracle;

/// <summary>A Moldau node and an Apache Kafka node of the same configuration, started once for the tables of a class. Without Apache Kafka neither is started.</summary>
public sealed class OraclePair : IAsyncLifetime
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);
    private static readonly ErrorCode[] Unsettled = [ErrorCode.UnknownTopicOrPartition, ErrorCode.LeaderNotAvailable, ErrorCode.CoordinatorLoadInProgress];
    private const int StartsMax = 3;
    private readonly TemporaryFolder _folder = new();
    private OracleNode? _moldau, _kafka;
    private int _starts;

    public async ValueTask InitializeAsync()
    {
        if (KafkaPeer.Find() is { } peer) await StartAsync(peer, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Dispose();
    }

    /// <summary>Sends every case of a table at every version to both nodes. Where Apache Kafka ends by itself meanwhile, both begin anew.</summary>
    /// <returns>A line for each answer that differs.</returns>
    internal async Task<List<string>> DifferencesAsync(OracleTable table, CancellationToken token)
    {
        while (true)
        {
            try
            {
                List<string> found = await AskAllAsync(table, token);
                if (found.Count == 0 || _kafka!.Process.IsRunning) return found;
            }
            catch (ProgramFailedException) when (!_kafka!.Process.IsRunning)
            {
                // Seen on a machine at its limit: it elects itself anew, and ends. What it has said goes to the diagnostics below.
            }

            TestContext.Current.SendDiagnosticMessage($"Apache Kafka has ended by itself:\n{_kafka.Process.Log}");
            if (_starts >= StartsMax) Assert.Skip($"not on this machine: Apache Kafka has ended by itself {StartsMax} times");
            await EndAsync();
            await StartAsync(KafkaPeer.Find()!, token);
        }
    }

    private async Task<List<string>> AskAllAsync(OracleTable table, CancellationToken token)
    {
        var found = new List<string>();
        var differed = new HashSet<OracleCase>();
        for (short version = table.Versions.Lowest; version <= table.Versions.Highest; version++)
        {
            foreach (OracleCase asked in table.Cases.Where(asked => asked.IsAt(version)))
            {
                (string ours, string theirs) = asked.OursAlone is { } expected
                    ? await AskOneAsync(asked, expected, version, token)
                    : await AskBothAsync(asked, version, token);
                if (ours == theirs) continue;
                differed.Add(asked);
                if (asked.Ours == null) found.Add($"{asked.Api} v{asked.FixedVersion ?? version} ({asked.About}):\n  moldau {ours}\n  kafka  {theirs}{LastWords(theirs)}");
            }
        }

        found.AddRange(table.Cases.Where(asked => asked.Ours != null && !differed.Contains(asked)).Select(asked => $"{asked.About}: agrees now, though said to differ ({asked.Ours})"));
        return found;
    }

    /// <summary>Sends one request to both, and gives both answers as they came.</summary>
    internal async Task<(JsonNode Moldau, JsonNode Kafka)> AskAsync(IRequest request, short version, CancellationToken token) =>
        await BothAsync(_moldau!.AskAsync(request, version, token), _kafka!.AskAsync(request, version, token));

    private static async Task<(JsonNode Moldau, JsonNode Kafka)> BothAsync(Task<JsonNode> moldau, Task<JsonNode> kafka) => (await moldau, await kafka);

    private async Task<(string Ours, string Expected)> AskOneAsync(OracleCase asked, JsonNode expected, short version, CancellationToken token) =>
        (AnswerForm.Of(await _moldau!.AskAsync(asked, version, token), _moldau, asked.Masked), AnswerForm.Of(_moldau.Filled(expected, version), _moldau, asked.Masked));

    private async Task<(string Ours, string Theirs)> AskBothAsync(OracleCase asked, short version, CancellationToken token)
    {
        Task<(JsonNode, JsonNode)> AskAsync() => BothAsync(_moldau!.AskAsync(asked, version, token), _kafka!.AskAsync(asked, version, token));
        (JsonNode ours, JsonNode theirs) = await AskAsync();
        (string, string) Forms() => (AnswerForm.Of(ours, _moldau!, asked.Masked), AnswerForm.Of(theirs, _kafka!, asked.Masked));
        if (asked.Settles)
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (long startedAt = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(startedAt) < SettleTime && !IsSettled(Forms(), asked.SettlesAtUnknown);)
            {
                await pace.WaitForNextTickAsync(token);
                (ours, theirs) = await AskAsync();
            }
        }

        if (asked.Api == ApiKey.CreateTopics && (bool?)asked.Body["validateOnly"] != true) await OpenedAsync(Created(ours).Union(Created(theirs)), token);
        return Forms();
    }

    // A node that fell silent has said why.
    private string LastWords(string theirs) => theirs.Contains(OracleNode.NoAnswer, StringComparison.Ordinal) ? $"\n{_kafka!.Process.Log}" : "";

    // Two nodes that both have not got there yet agree, too.
    private static bool IsSettled((string Ours, string Theirs) forms, bool atUnknown) =>
        forms.Ours == forms.Theirs && (atUnknown || !Unsettled.Any(code => forms.Ours.Contains($"\"errorCode\":{(short)code},", StringComparison.Ordinal)));

    private static IEnumerable<string> Created(JsonNode answer) =>
        answer is JsonObject && answer["topics"] is JsonArray topics ? topics.Where(topic => (long)topic!["errorCode"]! == 0).Select(topic => (string)topic!["name"]!) : [];

    // A controller answers before its broker has opened the partitions; what is sent next would meet the race, and not the same one on both.
    private async Task OpenedAsync(IEnumerable<string> names, CancellationToken token)
    {
        MetadataRequest.MetadataRequestTopic[] topics = [.. names.Select(name => new MetadataRequest.MetadataRequestTopic { Name = name })];
        if (topics.Length == 0) return;
        var request = new MetadataRequest { Topics = [.. topics], AllowAutoTopicCreation = false };
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (long startedAt = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(startedAt) < SettleTime;)
        {
            (JsonNode ours, JsonNode theirs) = await AskAsync(request, 9, token);
            if (Created(ours).Count() == topics.Length && Created(theirs).Count() == topics.Length && await AreServedAsync(ours, token)) return;
            await pace.WaitForNextTickAsync(token);
        }
    }

    // A broker shows a topic a moment before it serves its partitions.
    private async Task<bool> AreServedAsync(JsonNode metadata, CancellationToken token)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        foreach (JsonNode? topic in (JsonArray)metadata["topics"]!)
        {
            ListOffsetsRequest.ListOffsetsTopic asked = request.Topics.Add();
            asked.Name = (string)topic!["name"]!;
            foreach (JsonNode? partition in (JsonArray)topic["partitions"]!)
            {
                ListOffsetsRequest.ListOffsetsPartition end = asked.Partitions.Add();
                end.PartitionIndex = (int)(long)partition!["partitionIndex"]!;
                end.Timestamp = -1;
            }
        }

        (JsonNode ours, JsonNode theirs) = await AskAsync(request, 1, token);
        return new[] { ours, theirs }.All(answer => ((JsonArray)answer["topics"]!)
            .SelectMany(topic => (JsonArray)topic!["partitions"]!).All(partition => (long)partition!["errorCode"]! == 0));
    }

    private async Task StartAsync(KafkaPeer peer, CancellationToken token)
    {
        _starts++;
        Task<NodeProcess> kafka = StartAsync(peer, $"kafka-{_starts}", token);
        _moldau = new OracleNode(await StartAsync(new MoldauProgram(MoldauProgram.BuiltExecutable()), $"moldau-{_starts}", token));
        _kafka = new OracleNode(await kafka);
    }

    private async Task EndAsync()
    {
        foreach (OracleNode? node in new[] { _moldau, _kafka })
        {
            if (node == null) continue;
            node.Dispose();
            await node.Process.DisposeAsync();
        }
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
