using BenchmarkDotNet.Attributes;
using Moldau.Protocol.Batches;

namespace Moldau.Benchmarks.Batches;

[MemoryDiagnoser]
public class Crc32CBenchmarks
{
    private byte[] bytes = [];

    [Params(64, 767, 1024, 16 * 1024, 1024 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
    }

    [Benchmark]
    public uint Compute() => Crc32C.Compute(bytes);
}
