using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Transport;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Benchmarks.Storage;

/// <summary>Opening ten thousand logs of one batch each: after a clean stop, and after kill -9.</summary>
[MemoryDiagnoser]
public class OpenBenchmarks
{
    private const int Logs = 10_000;

    private readonly string folder = Directory.CreateTempSubdirectory("moldau-bench-").FullName;
    private readonly ThreadPoolScheduler scheduler = new(TimeProvider.System, static (_, failure) => Environment.FailFast("escaped", failure));

    [Params(true, false)]
    public bool Clean { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        LogStore store = await Open();
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        builder.Append(1_700_000_000_000, NullableBytes.Null, new byte[1000]);
        byte[] batch = builder.BuildArray();
        for (int i = 0; i < Logs; i++)
        {
            RecordBatch.SetBaseOffset(batch, Offset.Zero);
            store.Create(new TopicPartition($"topic-{i / 10}", i % 10), new Uuid(1, i), LogConfig.Default).AppendAsLeader(batch, new AppendContext((LeaderEpoch)1));
        }

        await store.CloseAsync(Clean);
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [Benchmark]
    public async Task OpenAndClose()
    {
        LogStore store = await Open();
        await store.CloseAsync(Clean);
    }

    private Task<LogStore> Open() => LogStore.OpenAsync(
        new LogStoreOptions { Directories = [folder], FlushPolicy = FlushPolicy.PageCache }, new PhysicalFileSystem(), scheduler, NullLogger.Instance);
}
