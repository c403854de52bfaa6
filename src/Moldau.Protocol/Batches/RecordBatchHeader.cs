using System.Buffers.Binary;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>
/// The header of a batch, read in place. Of magic 2 it is a batch; of magic 0 or 1 one message, which may wrap a compressed set of messages.
/// The first <see cref="RecordBatchLayout.HeaderBytes"/> bytes (or the whole of a shorter batch) are enough. <see cref="RecordBatch.Probe(ReadOnlySpan{byte}, out int)"/> tells whether the
/// bytes can be a batch at all; fields that the magic lacks have the values that Kafka gives them.
/// </summary>
public readonly ref struct RecordBatchHeader
{
    private readonly ReadOnlySpan<byte> bytes;

    /// <summary>Looks at the batch that begins at <paramref name="bytes"/>.</summary>
    public RecordBatchHeader(ReadOnlySpan<byte> bytes)
    {
        Invariant.That(bytes.Length >= RecordBatchLayout.BytesToMagic);
        this.bytes = bytes;
    }

    /// <summary>The offset of the first record. Of a wrapper of magic 0 or 1, the field as it stands: the offset of the last message.</summary>
    public Offset BaseOffset => new(Int64(RecordBatchLayout.BaseOffset));

    /// <summary>Bytes of the whole batch.</summary>
    public int SizeInBytes => RecordBatchLayout.LogOverhead + Int32(RecordBatchLayout.Length);

    /// <summary>The format: 2, or 0 and 1 of old.</summary>
    public sbyte Magic => (sbyte)bytes[RecordBatchLayout.Magic];

    /// <summary>Whether the format is one message an entry.</summary>
    public bool IsLegacy => Magic < 2;

    /// <summary>The leader epoch in which the batch was appended; -1 in magic 0 and 1.</summary>
    public LeaderEpoch LeaderEpoch => IsLegacy ? LeaderEpoch.None : new(Int32(RecordBatchLayout.LeaderEpoch));

    /// <summary>The checksum as it stands.</summary>
    public uint Crc => (uint)Int32(IsLegacy ? RecordBatchLayout.LegacyCrc : RecordBatchLayout.Crc);

    /// <summary>Codec, timestamp type and flags.</summary>
    public RecordBatchAttributes Attributes => IsLegacy
        ? new((short)(bytes[RecordBatchLayout.LegacyAttributes] & 0x0f))
        : new(BinaryPrimitives.ReadInt16BigEndian(bytes[RecordBatchLayout.Attributes..]));

    /// <summary>The codec.</summary>
    public CompressionType Compression => Attributes.Compression;

    /// <summary>What the timestamps mean; <see cref="TimestampType.None"/> in magic 0.</summary>
    public TimestampType TimestampType => Magic == 0 ? TimestampType.None : Attributes.TimestampType;

    /// <summary>Whether the records belong to a transaction.</summary>
    public bool IsTransactional => !IsLegacy && Attributes.IsTransactional;

    /// <summary>Whether the records are control records.</summary>
    public bool IsControl => !IsLegacy && Attributes.IsControl;

    /// <summary>The last record's offset, from the base offset; 0 in magic 0 and 1.</summary>
    public int LastOffsetDelta => IsLegacy ? 0 : Int32(RecordBatchLayout.LastOffsetDelta);

    /// <summary>The offset of the last record.</summary>
    public Offset LastOffset => new(unchecked(BaseOffset.Value + LastOffsetDelta));

    /// <summary>The field that record timestamps count from, in ms; -1 when no record is left, and in magic 0 and 1.</summary>
    public long BaseTimestamp => IsLegacy ? -1 : Int64(RecordBatchLayout.BaseTimestamp);

    /// <summary>The largest timestamp, in ms; -1 in magic 0.</summary>
    public long MaxTimestamp => Magic switch
    {
        0 => -1,
        1 => Int64(RecordBatchLayout.LegacyTimestamp),
        _ => Int64(RecordBatchLayout.MaxTimestamp),
    };

    /// <summary>The time from which tombstones of the batch may be dropped, in ms; null when none is set.</summary>
    public long? DeleteHorizonMs => !IsLegacy && Attributes.HasDeleteHorizon ? BaseTimestamp : null;

    /// <summary>The producer; -1 without idempotence.</summary>
    public ProducerId ProducerId => IsLegacy ? ProducerId.None : new(Int64(RecordBatchLayout.ProducerId));

    /// <summary>The producer's epoch; -1 without idempotence.</summary>
    public short ProducerEpoch => IsLegacy ? (short)-1 : BinaryPrimitives.ReadInt16BigEndian(bytes[RecordBatchLayout.ProducerEpoch..]);

    /// <summary>The first record's sequence number; -1 without idempotence.</summary>
    public int BaseSequence => IsLegacy ? -1 : Int32(RecordBatchLayout.BaseSequence);

    /// <summary>The last record's sequence number, which wraps to 0 behind 2147483647; -1 without idempotence.</summary>
    public int LastSequence => RecordBatch.Sequence(BaseSequence, LastOffsetDelta);

    /// <summary>Whether the batch comes from an idempotent producer.</summary>
    public bool HasProducerId => ProducerId.Value > -1;

    /// <summary>How many records the batch says it has; null in magic 0 and 1, where only counting tells.</summary>
    public int? Count => IsLegacy ? null : Int32(RecordBatchLayout.Count);

    private int Int32(int position) => BinaryPrimitives.ReadInt32BigEndian(bytes[position..]);

    private long Int64(int position) => BinaryPrimitives.ReadInt64BigEndian(bytes[position..]);
}
