namespace Moldau.Protocol.Compression;

/// <summary>Compression levels as the configuration keys <c>compression.gzip.level</c>, <c>compression.lz4.level</c> and <c>compression.zstd.level</c> have them (KIP-390).</summary>
public static class CompressionLevels
{
    /// <summary>zlib's own choice, which is 6.</summary>
    public const int GzipDefault = -1;

    /// <summary>Kafka's default, which stands for the fast compressor; every other level is the high compressor's.</summary>
    public const int Lz4Default = 9;

    /// <summary>zstd's own default.</summary>
    public const int ZstdDefault = 3;

    /// <summary>The level a codec takes when none is configured; 0 for codecs without levels.</summary>
    public static int Default(CompressionType type) => type switch
    {
        CompressionType.Gzip => GzipDefault,
        CompressionType.Lz4 => Lz4Default,
        CompressionType.Zstd => ZstdDefault,
        _ => 0,
    };

    /// <summary>Whether the codec has this level: gzip -1 and 1-9, lz4 1-17, zstd -131072-22; codecs without levels take any.</summary>
    public static bool IsValid(CompressionType type, int level) => type switch
    {
        CompressionType.Gzip => level is -1 or (>= 1 and <= 9),
        CompressionType.Lz4 => level is >= 1 and <= 17,
        CompressionType.Zstd => level is >= -131072 and <= 22,
        _ => true,
    };
}
