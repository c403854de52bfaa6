using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated;

namespace Moldau.Fuzz.Inputs;

/// <summary>Sound batches of every kind.</summary>
internal static class SampleBatches
{
    public const long TimeMs = 1_700_000_000_000;

    /// <summary>Batches of format 2 with every codec, of idempotent and transactional producers, control batches; and the golden ones of formats 0, 1 and 2.</summary>
    public static IReadOnlyList<byte[]> All() =>
    [
        .. Enum.GetValues<CompressionType>().SelectMany(codec => new[] { Of(codec, 1, 3), Of(codec, 20, 30) }),
        Of(CompressionType.None, 3, 10, new RecordBatchOptions { ProducerId = (ProducerId)7, ProducerEpoch = 1, BaseSequence = 5, IsTransactional = true }),
        ControlBatch.EndTxnMarker((ProducerId)7, 1, committed: true, 2, TimeMs, (Offset)9, (LeaderEpoch)3),
        [.. Of(CompressionType.None, 2, 5), .. Of(CompressionType.Lz4, 2, 5)],
        .. Corpus.GoldenBatches(),
    ];

    /// <summary>A batch of records with keys, values and headers.</summary>
    public static byte[] Of(CompressionType codec, int count, int valueBytes, RecordBatchOptions? options = null)
    {
        using var builder = new RecordBatchBuilder((options ?? new RecordBatchOptions()) with { Compression = codec });
        for (int i = 0; i < count; i++)
            builder.Append(TimeMs + i, i % 3 == 0 ? NullableBytes.Null : Encoding.UTF8.GetBytes($"key {i}"), new byte[valueBytes], i % 2 == 0 ? [] : [new RecordHeader("h", new byte[i])]);
        return builder.BuildArray();
    }

    /// <summary>A batch of one record with a key.</summary>
    public static byte[] OfOneKey()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        builder.Append(TimeMs, "k"u8.ToArray(), "v"u8.ToArray());
        return builder.BuildArray();
    }

    /// <summary>Gives whole batches of format 2 their checksums back: without that nearly every mutation would end at the first check.</summary>
    public static void Mend(Span<byte> bytes, SeededRandom random)
    {
        if (random.Chance(200)) return;
        var walk = new RecordBatchEnumerator(bytes);
        while (walk.MoveNext())
        {
            if (!walk.Current.IsLegacy) RecordBatch.WriteCrc(bytes.Slice(walk.Position, walk.CurrentBytes.Length));
        }
    }
}
