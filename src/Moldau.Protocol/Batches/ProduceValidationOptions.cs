using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>What a topic's configuration demands of batches. Immutable: made anew when the configuration changes. The defaults are Kafka's.</summary>
public sealed record ProduceValidationOptions
{
    /// <summary><c>compression.type</c>; null is <c>producer</c>: batches stay as they came.</summary>
    public CompressionType? Compression { get; init; }

    /// <summary>The level to compress with when the codec changes; null for the codec's default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary><c>message.timestamp.type</c>.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary><c>message.timestamp.before.max.ms</c>: how far create time may lie behind the clock.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>: how far create time may lie before the clock.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary><c>max.message.bytes</c>: the largest batch, checked before and, if the codec changed, after compression.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>Whether <c>cleanup.policy</c> has compact: then every record needs a key.</summary>
    public bool KeysRequired { get; init; }

    /// <summary>Bytes that compressed records may unfold to.</summary>
    public int DecompressedBytesMax { get; init; } = Limits.DecompressedBatchBytes;
}

/// <summary>Who appends a batch through the leader.</summary>
public enum AppendOrigin
{
    /// <summary>A client's Produce request: control records are not for it, sequences and counts must be right.</summary>
    Client,

    /// <summary>A coordinator of this node: its records, and the markers that end transactions.</summary>
    Coordinator,
}
