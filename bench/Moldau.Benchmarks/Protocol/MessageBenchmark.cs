using BenchmarkDotNet.Attributes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Benchmarks.Protocol;

/// <summary>Reads and writes one message over and over, as a connection does: into the same instance, with the same writer and string cache. 0 B is the budget.</summary>
/// <typeparam name="T">The message.</typeparam>
[MemoryDiagnoser]
public abstract class MessageBenchmark<T>
    where T : IMessage, new()
{
    private readonly StringCache strings = new();
    private readonly WireWriter writer = new();
    private readonly T target = new();
    private byte[] bytes = [];
    private T source = new();

    /// <summary>Partitions in the message, ten to a topic.</summary>
    [Params(1, 100)]
    public int Partitions { get; set; }

    /// <summary>The version that is measured.</summary>
    protected abstract short Version { get; }

    /// <summary>The bytes of a batch, where the message carries some.</summary>
    protected static byte[] Batch { get; } = new byte[1000];

    /// <summary>A message with that many partitions.</summary>
    protected abstract T Make(int partitions);

    /// <summary>Writes the message once, to have something to read.</summary>
    [GlobalSetup]
    public void Setup()
    {
        source = Make(Partitions);
        source.Write(writer, Version);
        bytes = writer.ToArray();
    }

    /// <summary>Bytes to message.</summary>
    [Benchmark]
    public T Decode()
    {
        var reader = new WireReader(bytes, strings);
        target.Read(ref reader, Version);
        return target;
    }

    /// <summary>Message to segments.</summary>
    [Benchmark]
    public int Encode()
    {
        writer.Reset();
        source.Write(writer, Version);
        return writer.Segments.Count;
    }
}
