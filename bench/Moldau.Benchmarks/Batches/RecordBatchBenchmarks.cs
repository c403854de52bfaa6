using BenchmarkDotNet.Attributes;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Benchmarks.Batches;

/// <summary>Building and reading a batch of about a mebibyte, records of 100 bytes.</summary>
[MemoryDiagnoser]
public class RecordBatchBenchmarks
{
    private readonly RecordBatchBuilder builder = new(new());
    private readonly PooledBuffer buffer = new();
    private byte[] batch = [];

    [Params(CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd)]
    public CompressionType Codec { get; set; }

    [GlobalSetup]
    public void Setup() => batch = SampleBatch.Of(Codec);

    [Benchmark]
    public int Build() => SampleBatch.Fill(builder, Codec).Length;

    [Benchmark]
    public long Read()
    {
        buffer.Clear();
        long bytes = 0;
        foreach (Record record in RecordReader.Open(batch, buffer)) bytes += record.Value.Length;
        return bytes;
    }
}
