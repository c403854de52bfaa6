namespace Moldau.Protocol.Batches;

/// <summary>Where the fields of a record batch stand. All numbers are big-endian.</summary>
public static class RecordBatchLayout
{
    /// <summary>int64: the first record's offset; in magic 0 and 1 the offset of the message, or of a wrapper's last message.</summary>
    public const int BaseOffset = 0;

    /// <summary>int32: bytes behind this field.</summary>
    public const int Length = 8;

    /// <summary>Bytes up to and with the length: the part that is not counted in it.</summary>
    public const int LogOverhead = 12;

    /// <summary>int8: the format, at the same place in all three.</summary>
    public const int Magic = 16;

    /// <summary>Bytes to read before the format is known.</summary>
    public const int BytesToMagic = 17;

    /// <summary>The smallest length any format can have: a message of magic 0 without key and value.</summary>
    public const int LengthMin = 14;

    // Magic 2.

    /// <summary>int32: the leader epoch in which the batch was appended. Not under the CRC.</summary>
    public const int LeaderEpoch = 12;

    /// <summary>uint32: CRC-32C from the attributes to the end.</summary>
    public const int Crc = 17;

    /// <summary>int16: see <see cref="RecordBatchAttributes"/>. The first byte under the CRC.</summary>
    public const int Attributes = 21;

    /// <summary>int32: the last record's offset, from the base offset.</summary>
    public const int LastOffsetDelta = 23;

    /// <summary>int64: what the records' timestamps count from; the delete horizon where one is set.</summary>
    public const int BaseTimestamp = 27;

    /// <summary>int64: the largest timestamp; the append time of all records under log append time.</summary>
    public const int MaxTimestamp = 35;

    /// <summary>int64: -1 without idempotence.</summary>
    public const int ProducerId = 43;

    /// <summary>int16: -1 without idempotence.</summary>
    public const int ProducerEpoch = 51;

    /// <summary>int32: the first record's sequence number; -1 without idempotence.</summary>
    public const int BaseSequence = 53;

    /// <summary>int32: how many records there are.</summary>
    public const int Count = 57;

    /// <summary>Bytes of the header: the records begin here.</summary>
    public const int HeaderBytes = 61;

    // Magic 0 and 1: the offset and length of each message, then the message itself.

    /// <summary>uint32: CRC-32 from the magic byte to the end.</summary>
    public const int LegacyCrc = 12;

    /// <summary>int8: compression in bits 0-2, log append time in bit 3.</summary>
    public const int LegacyAttributes = 17;

    /// <summary>int64, magic 1 only.</summary>
    public const int LegacyTimestamp = 18;

    /// <summary>Where the key's length stands in magic 0.</summary>
    public const int LegacyKeyV0 = 18;

    /// <summary>Where the key's length stands in magic 1.</summary>
    public const int LegacyKeyV1 = 26;
}
