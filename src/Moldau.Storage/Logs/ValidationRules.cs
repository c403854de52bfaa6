using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Storage.Logs;

/// <summary>What a log's configuration demands of batches, worked out once for each configuration.</summary>
internal sealed class ValidationRules(LogConfig config)
{
    public LogConfig Config { get; } = config;

    public ProduceValidationOptions Options { get; } = Of(config);

    private static ProduceValidationOptions Of(LogConfig config)
    {
        _ = CompressionTypes.TryParse(config.CompressionType, out CompressionType? compression);
        return new ProduceValidationOptions
        {
            Compression = compression,
            CompressionLevel = compression switch
            {
                CompressionType.Gzip => config.GzipLevel,
                CompressionType.Lz4 => config.Lz4Level,
                CompressionType.Zstd => config.ZstdLevel,
                _ => null,
            },
            TimestampType = config.LogAppendTime ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            TimestampBeforeMaxMs = config.TimestampBeforeMaxMs,
            TimestampAfterMaxMs = config.TimestampAfterMaxMs,
            MaxMessageBytes = config.MaxMessageBytes,
            KeysRequired = config.Compact,
            DecompressedBytesMax = Math.Min(config.MaxDecompressedMessageBytes, Moldau.Protocol.Limits.DecompressedBatchBytes),
        };
    }
}
