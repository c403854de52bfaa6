using Moldau.Processes;
using Moldau.Protocol.Compression;

namespace Moldau.Compat.Compaction;

/// <summary>The same writes to a compacted topic end with the same records on Moldau and on Apache Kafka, once both have cleaned.</summary>
public sealed class CompactionTests(CompactionNodes nodes) : IClassFixture<CompactionNodes>
{
    [Theory]
    [InlineData(CompressionType.None, 86_400_000, -1)]
    [InlineData(CompressionType.None, 0, 1000)]
    [InlineData(CompressionType.Gzip, 0, -1)]
    [InlineData(CompressionType.Snappy, 86_400_000, 1001)]
    [InlineData(CompressionType.Lz4, 86_400_000, -1)]
    [InlineData(CompressionType.Zstd, 0, 1002)]
    public async Task The_same_writes_end_with_the_same_records(CompressionType codec, long deleteRetentionMs, long producer)
    {
        KafkaPeer peer = Client.RequirePeer();
        using CancellationTokenSource deadline = Client.Deadline();
        string name = NodeFixture.Name("cleaned");
        CleanedTopic[] topics = [new(nodes.Moldau, name), new(nodes.Kafka, name)];
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
        await AssertKafkaReadsAsync(peer, topics[0].Folder, deadline.Token);
    }

    [Fact]
    public async Task A_group_has_its_offsets_after_they_were_cleaned_and_the_node_restarted()
    {
        using CancellationTokenSource deadline = Client.Deadline();
        string topic = NodeFixture.Name("committed");
        await new CleanedTopic(nodes.Moldau, topic).CreateAsync(new Dictionary<string, string>(), deadline.Token, partitions: 8);
        var offsets = new GroupOffsets(nodes.Moldau, NodeFixture.Name("group"), topic);
        await offsets.FindCoordinatorAsync(deadline.Token);
        await offsets.CommitAsync(0, 0, deadline.Token);
        var log = new CleanedTopic(nodes.Moldau, "__consumer_offsets");
        await log.ConfigureAsync("internal.segment.bytes", "4000", deadline.Token);
        for (int i = 0; i < 200; i++)
        {
            await offsets.CommitAsync(i % 8, i, deadline.Token);
            if (i == 90) await offsets.DeleteAsync(3, deadline.Token);
        }

        await offsets.DeleteAsync(5, deadline.Token);
        for (int i = 200; i < 300; i++) await offsets.CommitAsync(0, i, deadline.Token);
        await log.CleanedAsync(deadline.Token);
        Assert.True(Directory.GetFiles(log.Folder, "*.log").Sum(static file => new FileInfo(file).Length) < 15_000);
        Assert.Equal(0, await nodes.Moldau.Process.StopAsync());
        nodes.Moldau.Process.Start();
        await nodes.Moldau.Process.ServingAsync(deadline.Token);

        Dictionary<int, long> expected = new() { [0] = 299, [1] = 193, [2] = 194, [3] = 195, [4] = 196, [6] = 198, [7] = 199 };
        Assert.Equal(expected, await offsets.FetchAsync(deadline.Token));
    }

    // Kafka's own tool looks at every batch, and checks the indexes against the log.
    private static async Task AssertKafkaReadsAsync(KafkaPeer peer, string folder, CancellationToken token)
    {
        string[] files = [.. Directory.GetFiles(folder).Where(static file => Path.GetExtension(file) is ".log" or ".index" or ".timeindex")];
        Finished dump = await peer.RunToolAsync(["dump-log", "--deep-iteration", "--files", string.Join(',', files)], token: token);
        Assert.Equal(0, dump.ExitCode);
        foreach (string complaint in new[] { "Mismatches", "not found for offset", "out of order", "invalid", "isvalid: false" })
            Assert.DoesNotContain(complaint, dump.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("isvalid: true", dump.Output, StringComparison.Ordinal);
    }
}
