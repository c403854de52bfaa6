using System.Text;
using System.Text.Json;
using CsCheck;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Tests.Batches;

/// <summary>Batches to test with, and what they were made of.</summary>
internal static class SampleBatches
{
    public const long Now = 1_700_000_000_000;

    public static readonly CompressionType[] Codecs = [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    public static readonly Gen<NullableBytes> GenBytes = Gen.Frequency(
        (1, Gen.Const(NullableBytes.Null)),
        (6, Gen.Byte.Array[0, 40].Select(bytes => (NullableBytes)bytes)),
        (1, Gen.Byte[0, 3].Array[0, 3000].Select(bytes => (NullableBytes)bytes)));

    public static readonly Gen<RecordHeader> GenHeader =
        Gen.Select(Gen.Char['a', 'z'].Array[0, 8], GenBytes, (key, value) => new RecordHeader(new string(key), value));

    public static readonly Gen<Sent> GenRecord = Gen.Select(
        Gen.OneOf(Gen.Long[-1, Now * 2], Gen.Long[Now, Now + 1000]),
        GenBytes,
        GenBytes,
        GenHeader.Array[0, 3],
        (timestamp, key, value, headers) => new Sent(timestamp, key, value, headers));

    /// <summary>A batch as a producer sends it.</summary>
    public static byte[] Plain(int count, CompressionType codec = CompressionType.None, int valueBytes = 2) =>
        Build(new() { Compression = codec }, Enumerable.Range(0, count).Select(i => new Sent(Now + i, Encoding.ASCII.GetBytes($"k{i}"), new byte[valueBytes], [])));

    public static byte[] Build(RecordBatchOptions options, IEnumerable<Sent> records)
    {
        using RecordBatchBuilder builder = new(options);
        foreach (Sent record in records) builder.Append(record.TimestampMs, record.Key, record.Value, record.Headers);
        return builder.BuildArray();
    }

    /// <summary>The batches of the golden sample, by name, each a row of one or more batches.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Golden()
    {
        foreach (string line in File.ReadLines(GoldenFolder.Sample("batches.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return (document.RootElement.GetProperty("name").GetString()!, Convert.FromHexString(document.RootElement.GetProperty("hex").GetString()!));
        }
    }

    /// <summary>Copies that differ in one byte each: lowest bit, highest bit, all bits, and zero.</summary>
    public static IEnumerable<byte[]> OneByteChanged(byte[] original)
    {
        for (int i = 0; i < original.Length; i++)
        {
            foreach (byte value in new byte[] { (byte)(original[i] ^ 1), (byte)(original[i] ^ 0x80), (byte)~original[i], 0 })
            {
                if (value == original[i]) continue;
                byte[] copy = [.. original];
                copy[i] = value;
                yield return copy;
            }
        }
    }
}

/// <summary>A record that goes into a batch.</summary>
internal sealed record Sent(long TimestampMs, NullableBytes Key, NullableBytes Value, RecordHeader[] Headers);
