using System.Buffers.Binary;

namespace Moldau.Protocol.Batches;

/// <summary>A record as a view: key, value and headers are slices of the batch, or of the buffer it was decompressed into, and are valid as long as that is.</summary>
public readonly struct Record
{
    /// <summary>Its position in the partition.</summary>
    public Offset Offset { get; init; }

    /// <summary>Its timestamp in ms; the append time of the batch under log append time; -1 when it has none.</summary>
    public long TimestampMs { get; init; }

    /// <summary>Its sequence number; -1 without idempotence.</summary>
    public int Sequence { get; init; }

    /// <summary>Bytes of the record as it stands, with its length.</summary>
    public int SizeInBytes { get; init; }

    /// <summary>Its attributes, which have no meaning yet.</summary>
    public byte Attributes { get; init; }

    /// <summary>The key.</summary>
    public NullableBytes Key { get; init; }

    /// <summary>The value; null is a tombstone.</summary>
    public NullableBytes Value { get; init; }

    /// <summary>The headers.</summary>
    public RecordHeaders Headers { get; init; }

    /// <summary>The type in the key of a control record; null when the key is not one.</summary>
    public ControlRecordType? ControlType =>
        Key.Length >= 4 && BinaryPrimitives.ReadInt16BigEndian(Key.Span) >= 0
            ? (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(Key.Span[2..])
            : null;

    /// <summary>A copy that owns its bytes.</summary>
    public DecodedRecord ToDecoded() => new()
    {
        Offset = Offset,
        TimestampMs = TimestampMs,
        Key = Key.ToArray(),
        Value = Value.ToArray(),
        Headers = Headers.Count == 0 ? [] : Headers.ToArray(),
    };
}

/// <summary>A record that owns its bytes: for tools, and for clients that keep records longer than the fetch they came in.</summary>
public sealed class DecodedRecord
{
    /// <summary>Its position in the partition.</summary>
    public required Offset Offset { get; init; }

    /// <summary>Its timestamp in ms; -1 when it has none.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>The key, or null.</summary>
    public required byte[]? Key { get; init; }

    /// <summary>The value; null is a tombstone.</summary>
    public required byte[]? Value { get; init; }

    /// <summary>The headers in their order.</summary>
    public required IReadOnlyList<RecordHeader> Headers { get; init; }
}
