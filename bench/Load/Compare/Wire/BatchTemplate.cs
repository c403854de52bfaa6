using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Load.Compare.Wire;

/// <summary>One record batch, encoded once and sent again and again.</summary>
internal sealed class BatchTemplate
{
    private BatchTemplate(byte[] bytes, int count) => (Bytes, Count) = (bytes, count);

    public byte[] Bytes { get; }

    /// <summary>Records in it.</summary>
    public int Count { get; }

    /// <summary>The records as they travel: what must come back as it was.</summary>
    public ReadOnlySpan<byte> Records => Bytes.AsSpan(RecordBatchLayout.HeaderBytes);

    /// <summary>A batch of as many records as fit.</summary>
    /// <param name="batchBytes">Its size, before compression.</param>
    /// <param name="recordBytes">The size of a record's value.</param>
    /// <param name="compression">With compression, values are text that compresses well; without, bytes that do not.</param>
    public static BatchTemplate OfBytes(int batchBytes, int recordBytes, CompressionType compression = CompressionType.None) =>
        Build(recordBytes, compression, builder => builder.Count == 0 || builder.SizeInBytes + recordBytes + 12 <= batchBytes);

    /// <summary>A batch of so many records.</summary>
    public static BatchTemplate OfCount(int count, int recordBytes) => Build(recordBytes, CompressionType.None, builder => builder.Count < count);

    /// <summary>A batch of so many records with a key each, the same keys in every batch.</summary>
    public static BatchTemplate OfKeys(int count, int recordBytes) =>
        Build(recordBytes, CompressionType.None, builder => builder.Count < count, number => BitConverter.GetBytes(number));

    private static BatchTemplate Build(int recordBytes, CompressionType compression, Func<RecordBatchBuilder, bool> hasRoom, Func<int, byte[]>? key = null)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Compression = compression });
        // The same bytes in every run and for either broker.
        var random = new Random(recordBytes);
        while (hasRoom(builder)) builder.Append(now, key?.Invoke(builder.Count), compression == CompressionType.None ? Noise(random, recordBytes) : Text(random, builder.Count, recordBytes));
        return new BatchTemplate(builder.BuildArray(), builder.Count);
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] value = new byte[length];
        random.NextBytes(value);
        return value;
    }

    private static byte[] Text(Random random, int number, int length)
    {
        var text = new System.Text.StringBuilder();
        while (text.Length < length)
            text.Append($"{{\"id\":{number},\"user\":\"user-{random.Next(10_000)}\",\"amount\":{random.Next(100_000) / 100.0:0.00},\"currency\":\"CZK\",\"state\":\"accepted\"}}");
        return System.Text.Encoding.ASCII.GetBytes(text.ToString(0, length));
    }
}
