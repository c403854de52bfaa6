using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Benchmarks.Batches;

/// <summary>Batches of text that looks like log lines.</summary>
internal static class SampleBatch
{
    public const long Now = 1_700_000_000_000;

    private const int Records = 9000;

    private static readonly byte[][] Values = [.. Enumerable.Range(0, Records).Select(i => System.Text.Encoding.ASCII.GetBytes(
        $"2026-08-01T12:{i % 60:00}:{i * 7 % 60:00}.{i * 37 % 1000:000}Z INFO request id={i * 2654435761L % 1_000_000_007:x8} took={i % 977} ms status=200 ok "))];

    public static byte[] Of(CompressionType codec)
    {
        using RecordBatchBuilder builder = new(new());
        return Fill(builder, codec).ToArray();
    }

    public static Memory<byte> Fill(RecordBatchBuilder builder, CompressionType codec)
    {
        builder.Reset(new() { Compression = codec });
        for (int i = 0; i < Values.Length; i++) builder.Append(Now + i, NullableBytes.Null, Values[i]);
        return builder.Build();
    }
}
