using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Storage.Inspection;

/// <summary>The header of a batch, with its place in the file.</summary>
public sealed class InspectedBatch
{
    internal InspectedBatch(long position, in RecordBatchHeader header)
    {
        Position = position;
        SizeInBytes = header.SizeInBytes;
        Magic = header.Magic;
        BaseOffset = header.BaseOffset;
        LastOffset = header.LastOffset;
        LeaderEpoch = header.LeaderEpoch.Value;
        Crc = header.Crc;
        Attributes = header.Attributes;
        TimestampType = header.TimestampType;
        BaseTimestampMs = header.BaseTimestamp;
        MaxTimestampMs = header.MaxTimestamp;
        DeleteHorizonMs = header.DeleteHorizonMs;
        ProducerId = header.ProducerId.Value;
        ProducerEpoch = header.ProducerEpoch;
        BaseSequence = header.BaseSequence;
        LastSequence = header.LastSequence;
        Count = header.Count;
        IsTransactional = header.IsTransactional;
        IsControl = header.IsControl;
    }

    /// <summary>Where it begins in the file.</summary>
    public long Position { get; }

    /// <summary>Its length.</summary>
    public int SizeInBytes { get; }

    /// <summary>Its format: 2, or 0 and 1 of old.</summary>
    public sbyte Magic { get; }

    /// <summary>The first record's offset.</summary>
    public long BaseOffset { get; }

    /// <summary>The last record's offset.</summary>
    public long LastOffset { get; }

    /// <summary>The leader epoch it was written in; -1 for none.</summary>
    public int LeaderEpoch { get; }

    /// <summary>The checksum as it stands.</summary>
    public uint Crc { get; }

    /// <summary>Whether the checksum is that of the bytes; null where nobody looked.</summary>
    public bool? IsCrcRight { get; internal set; }

    /// <summary>The attribute bits.</summary>
    public RecordBatchAttributes Attributes { get; }

    /// <summary>The codec.</summary>
    public CompressionType Compression => Attributes.Compression;

    /// <summary>What the timestamps mean.</summary>
    public TimestampType TimestampType { get; }

    /// <summary>The timestamp that those of the records count from, ms.</summary>
    public long BaseTimestampMs { get; }

    /// <summary>The largest timestamp, ms; -1 for none.</summary>
    public long MaxTimestampMs { get; }

    /// <summary>When tombstones in it may go, ms; null where that is not set.</summary>
    public long? DeleteHorizonMs { get; }

    /// <summary>The producer; -1 without idempotence.</summary>
    public long ProducerId { get; }

    /// <summary>The producer's epoch; -1 without idempotence.</summary>
    public short ProducerEpoch { get; }

    /// <summary>The first record's sequence number; -1 without idempotence.</summary>
    public int BaseSequence { get; }

    /// <summary>The last record's sequence number; -1 without idempotence.</summary>
    public int LastSequence { get; }

    /// <summary>How many records it says it has; null in formats 0 and 1.</summary>
    public int? Count { get; }

    /// <summary>Whether the records belong to a transaction.</summary>
    public bool IsTransactional { get; }

    /// <summary>Whether the records are control records.</summary>
    public bool IsControl { get; }
}

/// <summary>A record that owns its bytes, with what a consumer does not see of it.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="TimestampMs">Its timestamp; -1 for none.</param>
/// <param name="Sequence">Its sequence number; -1 without idempotence.</param>
/// <param name="SizeInBytes">Its length in the batch, unfolded.</param>
/// <param name="Key">The key, or null.</param>
/// <param name="Value">The value, or null.</param>
/// <param name="Headers">The headers.</param>
public sealed record InspectedRecord(long Offset, long TimestampMs, int Sequence, int SizeInBytes, byte[]? Key, byte[]? Value, IReadOnlyList<RecordHeader> Headers);
