using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Compression;

/// <summary>
/// Compresses and decompresses the records of a batch, in the framings that Kafka's clients write and read. Thread-safe.
/// Decompression is bounded: whatever the bytes, it ends in <see cref="RecordFormatException"/> or at most the given number of bytes.
/// </summary>
public static class RecordCompression
{
    /// <summary>Appends the compressed form of <paramref name="source"/> to <paramref name="target"/>.</summary>
    /// <param name="type">The codec; <see cref="CompressionType.None"/> copies.</param>
    /// <param name="level">See <see cref="CompressionLevels"/>.</param>
    public static void Compress(CompressionType type, int level, ReadOnlySpan<byte> source, PooledBuffer target)
    {
        Invariant.That(CompressionLevels.IsValid(type, level));
        switch (type)
        {
            case CompressionType.None:
                target.Write(source);
                break;
            case CompressionType.Gzip:
                GzipCodec.Compress(source, level, target);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Compress(source, target);
                break;
            case CompressionType.Lz4:
                Lz4FrameWriter.Compress(source, level, target);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Compress(source, level, target);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "no such compression type");
        }
    }

    /// <summary>Appends what <paramref name="source"/> unfolds to.</summary>
    /// <param name="type">The codec as the attributes name it; ids that are no codec are refused.</param>
    /// <param name="source">The compressed bytes, all of them.</param>
    /// <param name="bytesMax">Bytes that may come out.</param>
    /// <param name="target">Receives the bytes; holds a part of them when this throws.</param>
    /// <param name="legacy">The wrapper message is of magic 0, whose LZ4 frames carry a wrong header checksum (KAFKA-3160).</param>
    /// <exception cref="RecordFormatException"><see cref="RecordFormatError.Compression"/>: damaged; <see cref="RecordFormatError.TooLarge"/>: over the bound.</exception>
    public static void Decompress(CompressionType type, ReadOnlySpan<byte> source, int bytesMax, PooledBuffer target, bool legacy = false)
    {
        switch (type)
        {
            case CompressionType.None:
                if (source.Length > bytesMax) throw TooLarge(bytesMax);
                target.Write(source);
                break;
            case CompressionType.Gzip:
                GzipCodec.Decompress(source, bytesMax, target);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Decompress(source, bytesMax, target);
                break;
            case CompressionType.Lz4:
                Lz4FrameReader.Decompress(source, bytesMax, target, verifyHeader: !legacy);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Decompress(source, bytesMax, target);
                break;
            default:
                throw Damaged(type, "no codec has this id");
        }
    }

    internal static RecordFormatException Damaged(CompressionType type, string reason, Exception? inner = null) =>
        new(RecordFormatError.Compression, $"{type.KafkaName()}: {reason}", inner);

    internal static RecordFormatException TooLarge(int bytesMax) =>
        new(RecordFormatError.TooLarge, $"the records unfold to more than {bytesMax} bytes");
}
