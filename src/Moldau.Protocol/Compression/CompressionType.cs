namespace Moldau.Protocol.Compression;

/// <summary>How the records of a batch are compressed: bits 0-2 of the batch's attributes.</summary>
public enum CompressionType : byte
{
    /// <summary>Not compressed.</summary>
    None = 0,

    /// <summary>RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Snappy blocks in xerial framing.</summary>
    Snappy = 2,

    /// <summary>LZ4 frame format 1.5.1, independent blocks (KIP-57).</summary>
    Lz4 = 3,

    /// <summary>RFC 8878; batches of magic 2 only (KIP-110).</summary>
    Zstd = 4,
}

/// <summary>Names of the compression types as configuration keys and tools spell them.</summary>
public static class CompressionTypes
{
    /// <summary>The name in <c>compression.type</c> of a producer: none, gzip, snappy, lz4, zstd.</summary>
    public static string KafkaName(this CompressionType type) => type switch
    {
        CompressionType.None => "none",
        CompressionType.Gzip => "gzip",
        CompressionType.Snappy => "snappy",
        CompressionType.Lz4 => "lz4",
        CompressionType.Zstd => "zstd",
        _ => ((byte)type).ToString(),
    };

    /// <summary>
    /// Reads a value of <c>compression.type</c>. A topic's <c>producer</c> (keep what the producer chose) gives null, its
    /// <c>uncompressed</c> is <see cref="CompressionType.None"/>. False when the name is none of Kafka's.
    /// </summary>
    public static bool TryParse(string name, out CompressionType? type)
    {
        type = name switch
        {
            "none" or "uncompressed" => CompressionType.None,
            "gzip" => CompressionType.Gzip,
            "snappy" => CompressionType.Snappy,
            "lz4" => CompressionType.Lz4,
            "zstd" => CompressionType.Zstd,
            _ => null,
        };
        return type is not null || name == "producer";
    }
}
