using System.Diagnostics;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Storage.Files;
using Moldau.Storage.Tests.Facts;

namespace Moldau.Storage.Tests.Logs;

/// <summary>Apache Kafka's own tool reads what was written here.</summary>
public sealed class KafkaDumpLogTests
{
    private static readonly LogConfig Small = new() { SegmentBytes = 3000, IndexIntervalBytes = 300, RetentionMs = -1 };

    [Fact]
    public async Task Kafka_finds_every_batch_index_entry_and_snapshot_valid()
    {
        using var folder = new TemporaryFolder();
        string data = Path.Join(folder.Path, "data");
        long end = await Write(data);
        string[] files = [.. Directory.GetFiles(Path.Join(data, "t-0")).Where(static path => Path.GetExtension(path) is ".log" or ".index" or ".timeindex" or ".txnindex" or ".snapshot").Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 12);
        string said = await Dump("--files", string.Join(',', files), "--deep-iteration");
        Assert.DoesNotContain("isvalid: false", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Found timestamp mismatch", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Mismatches in", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-consecutive offsets", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Found out of order", said, StringComparison.Ordinal);
        Assert.DoesNotContain("invalid bytes", said, StringComparison.Ordinal);
        Assert.Equal(end, said.Split('\n').Count(static line => line.StartsWith("| offset: ", StringComparison.Ordinal)));
        Assert.Contains("producerId: 9 producerEpoch: 0", said, StringComparison.Ordinal);
        Assert.Contains("producerId: 9 firstOffset:", said, StringComparison.Ordinal);
        Assert.Contains("endTxnMarker: ABORT", said, StringComparison.Ordinal);
    }

    private static async Task<long> Write(string data)
    {
        await using TestStore store = await TestStore.Open(new PhysicalFileSystem(), data, Small);
        PartitionLog log = store.Create("t", Small);
        var client = new AppendContext((LeaderEpoch)0);
        int sequence = 0;
        for (int i = 0; i < 60; i++)
        {
            var codec = (CompressionType)(i % 5);
            Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Compressed(codec, TestStore.Epoch.ToUnixTimeMilliseconds() - 1000 + i, new string('a', 60), "b", "c"), client).Error);
            if (i % 10 != 0) continue;
            Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Idempotent(9, 0, sequence, 2, transactional: true), client).Error);
            sequence += 2;
            Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Marker(9, 0, commit: i % 20 == 0), new AppendContext((LeaderEpoch)0, AppendOrigin.Coordinator)).Error);
        }

        await store.Close();
        return log.LogEndOffset;
    }

    private static async Task<string> Dump(params string[] arguments)
    {
        string tool = Path.Join(SharedFacts.Root, "peers", "kafka", "bin", "kafka");
        if (!File.Exists(tool)) Assert.Skip("needs ../shared: Apache Kafka is not at hand");
        if (!Path.GetFullPath(tool).StartsWith('/') || !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static path => File.Exists(Path.Join(path, "java"))))
            Assert.Skip("Java is not installed");
        var start = new ProcessStartInfo(tool) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("dump-log");
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
