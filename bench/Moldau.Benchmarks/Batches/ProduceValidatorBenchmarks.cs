using BenchmarkDotNet.Attributes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Benchmarks.Batches;

/// <summary>What a Produce request costs before and under the partition's lock: a batch of about a mebibyte, records of 100 bytes.</summary>
[MemoryDiagnoser]
public class ProduceValidatorBenchmarks
{
    private readonly ProduceValidationOptions options = new();
    private byte[] payload = [];

    [Params(CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd)]
    public CompressionType Codec { get; set; }

    [GlobalSetup]
    public void Setup() => payload = SampleBatch.Of(Codec);

    [Benchmark]
    public Offset ValidateAndAssign()
    {
        // The last assignment left offsets in the batch; a producer sends 0.
        RecordBatch.SetBaseOffset(payload, Offset.Zero);
        ProduceFailure? failure = ProduceValidator.Validate(payload, options, 12, AppendOrigin.Client, SampleBatch.Now, out ValidatedBatch batch);
        if (failure is not null) throw new InvalidOperationException(failure.Reason);
        using (batch) return ProduceValidator.AssignOffsets(batch, new(1_000_000), new(5), SampleBatch.Now).LastOffset;
    }
}
