using Moldau.Compat.Oracle;
using Moldau.Processes;
using Moldau.Protocol.Compression;

namespace Moldau.Compat.Compaction;

/// <summary>The same writes to a compacted topic end with the same records on Moldau and on Apache Kafka, once both have cleaned.</summary>
public sealed class CompactionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private OracleNode? _moldau, _kafka;
    private KafkaPeer? _peer;

    public async ValueTask InitializeAsync()
    {
        _peer = KafkaPeer.Find();
        if (_peer is null) return;
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<NodeProcess> kafka = StartAsync(_peer, "kafka", token);
        _moldau = new OracleNode(await StartAsync(new MoldauProgram(MoldauProgram.BuiltExecutable()), "moldau", token));
        _kafka = new OracleNode(await kafka);
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

    [Theory]
    [InlineData(CompressionType.None, 86_400_000, -1)]
    [InlineData(CompressionType.None, 0, 1000)]
    [InlineData(CompressionType.Gzip, 0, -1)]
    [InlineData(CompressionType.Snappy, 86_400_000, 1001)]
    [InlineData(CompressionType.Lz4, 86_400_000, -1)]
    [InlineData(CompressionType.Zstd, 0, 1002)]
    public async Task The_same_writes_end_with_the_same_records(CompressionType codec, long deleteRetentionMs, long producer)
    {
        Client.RequirePeer();
        using CancellationTokenSource deadline = Client.Deadline();
        string name = NodeFixture.Name("cleaned");
        CleanedTopic[] topics = [new(_moldau!, name), new(_kafka!, name)];
        Dictionary<string, string> configs = new()
        {
            ["cleanup.policy"] = "compact", ["internal.segment.bytes"] = "3000", ["min.cleanable.dirty.ratio"] = "0.01", ["delete.retention.ms"] = $"{deleteRetentionMs}",
            ["index.interval.bytes"] = "300", ["file.delete.delay.ms"] = "100",
        };
        foreach (CleanedTopic topic in topics) await topic.CreateAsync(configs, deadline.Token);

        var random = new Random(7);
        int sequence = 0;
        for (int phase = 0; phase < 5; phase++)
        {
            // What a tombstone's time has passed for goes with the second cleaning over it: the last phases bring no new ones.
            for (int batch = 0; batch < 40; batch++)
            {
                (string, string?)[] records = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i =>
                    ($"key-{random.Next(60)}", phase < 3 && random.Next(4) == 0 ? null : $"{phase}/{batch}/{i} {new string('v', random.Next(80))}"))];
                byte[] bytes = CleanedTopic.Batch(codec, producer, sequence, 1_700_000_000_000 + phase * 100_000 + batch * 100, records);
                sequence += records.Length;
                foreach (CleanedTopic topic in topics) await topic.ProduceAsync([.. bytes], deadline.Token);
            }

            foreach (CleanedTopic topic in topics) await topic.CleanedAsync(deadline.Token);
        }

        List<string> ours = topics[0].Read(), theirs = topics[1].Read();
        Assert.Equal(theirs, ours);
        Assert.InRange(ours.Count, 50, 200);
        await AssertKafkaReadsAsync(topics[0].Folder, deadline.Token);
    }

    // Kafka's own tool looks at every batch, and checks the indexes against the log.
    private async Task AssertKafkaReadsAsync(string folder, CancellationToken token)
    {
        string[] files = [.. Directory.GetFiles(folder).Where(static file => Path.GetExtension(file) is ".log" or ".index" or ".timeindex")];
        Finished dump = await _peer!.RunToolAsync(["dump-log", "--deep-iteration", "--files", string.Join(',', files)], token: token);
        Assert.Equal(0, dump.ExitCode);
        foreach (string complaint in new[] { "Mismatches", "not found for offset", "out of order", "invalid", "isvalid: false" })
            Assert.DoesNotContain(complaint, dump.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("isvalid: true", dump.Output, StringComparison.Ordinal);
    }

    private async Task<NodeProcess> StartAsync(NodeProgram program, string name, CancellationToken token)
    {
        var setup = new NodeSetup(Path.Combine(_folder.Path, name), FreePorts.NextPair())
        {
            ByPropertiesFile = program is KafkaPeer,
            Settings = new Dictionary<string, string> { ["log.cleaner.backoff.ms"] = "200" },
        };
        return await NodeProcess.StartedAsync(program, setup, token);
    }
}
