using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Transport;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Benchmarks.Storage;

/// <summary>A partition's append and read in the page cache: what a Produce and a Fetch cost beside the network. No flushes.</summary>
[MemoryDiagnoser]
public class LogBenchmarks
{
    private const int ReadBytes = 64 * 1024;

    private readonly string folder = Directory.CreateTempSubdirectory("moldau-bench-").FullName;
    private LogStore store = null!;
    private PartitionLog log = null!;
    private byte[] batch = [];

    [Params(100, 16 * 1024, 1024 * 1024)]
    public int BatchBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var scheduler = new ThreadPoolScheduler(TimeProvider.System, static (_, failure) => Environment.FailFast("escaped", failure));
        var options = new LogStoreOptions { Directories = [folder], FlushPolicy = FlushPolicy.PageCache };
        store = LogStore.OpenAsync(options, new PhysicalFileSystem(), scheduler, NullLogger.Instance).GetAwaiter().GetResult();
        // Segments go as soon as they are full, so that the run does not fill the disk.
        log = store.Create(new TopicPartition("bench", 0), new Uuid(1, 1), new LogConfig { SegmentBytes = 64 * 1024 * 1024, RetentionBytes = 0, FileDeleteDelayMs = 0 });
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        builder.Append(1_700_000_000_000, NullableBytes.Null, new byte[BatchBytes - 72]);
        batch = builder.BuildArray();
        for (int i = 0; i < 100; i++) Append();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        store.CloseAsync(clean: false).GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark]
    public Offset Append()
    {
        // The last append left its offset in the batch; a producer sends 0.
        RecordBatch.SetBaseOffset(batch, Offset.Zero);
        Offset at = log.AppendAsLeader(batch, new AppendContext((LeaderEpoch)1)).BaseOffset;
        if (log.SegmentCount > 2)
        {
            log.SetHighWatermark(log.LogEndOffset);
            log.DeleteOldSegments();
        }

        return at;
    }

    /// <summary>Finds the place of the last batches and gives their region, as a consumer at the end of the log asks.</summary>
    [Benchmark]
    public int ReadAtTheEnd()
    {
        Offset end = log.LogEndOffset;
        LogReadResult read = log.Read((Offset)(end - 1), ReadBytes, end, atLeastOneBatch: true);
        read.Records.Region!.Value.File.Release();
        return read.SizeInBytes;
    }
}
