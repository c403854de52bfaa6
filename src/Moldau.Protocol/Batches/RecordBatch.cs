using System.Buffers.Binary;

namespace Moldau.Protocol.Batches;

/// <summary>What stands at a place where a batch may begin.</summary>
public enum BatchScan
{
    /// <summary>A batch, all of it there. Its checksum has not been looked at.</summary>
    Batch,

    /// <summary>Nothing: the bytes end here.</summary>
    End,

    /// <summary>The beginning of a batch whose rest is missing: a fetch was cut there, or a write did not finish.</summary>
    TornTail,

    /// <summary>Bytes that no batch begins with.</summary>
    Corrupt,
}

/// <summary>Recognizes, checks and patches batches in place.</summary>
public static class RecordBatch
{
    /// <summary>
    /// What begins at <paramref name="head"/> when <paramref name="available"/> bytes are there in all; <see cref="RecordBatchLayout.BytesToMagic"/> bytes of it are enough.
    /// </summary>
    /// <param name="size">Bytes that the batch should have, also when it is torn or too short for its own header; 0 when its length cannot be.</param>
    public static BatchScan Probe(ReadOnlySpan<byte> head, long available, out int size)
    {
        size = 0;
        if (available == 0) return BatchScan.End;
        if (available < RecordBatchLayout.LogOverhead) return BatchScan.TornTail;
        int length = BinaryPrimitives.ReadInt32BigEndian(head[RecordBatchLayout.Length..]);
        if (length is < RecordBatchLayout.LengthMin or > int.MaxValue - RecordBatchLayout.LogOverhead) return BatchScan.Corrupt;
        if (available < RecordBatchLayout.BytesToMagic) return BatchScan.TornTail;
        if (head[RecordBatchLayout.Magic] > 2) return BatchScan.Corrupt;
        size = RecordBatchLayout.LogOverhead + length;
        if (size > available) return BatchScan.TornTail;
        // So that every header field of a batch that was recognized can be read.
        return head[RecordBatchLayout.Magic] == 2 && size < RecordBatchLayout.HeaderBytes ? BatchScan.Corrupt : BatchScan.Batch;
    }

    /// <summary>What begins at <paramref name="source"/>.</summary>
    public static BatchScan Probe(ReadOnlySpan<byte> source, out int size) => Probe(source, source.Length, out size);

    /// <summary>Whether a whole batch has at least the size of its format's header and the right checksum.</summary>
    public static bool IsValid(ReadOnlySpan<byte> batch)
    {
        RecordBatchHeader header = new(batch);
        if (header.IsLegacy)
        {
            int keyAt = header.Magic == 0 ? RecordBatchLayout.LegacyKeyV0 : RecordBatchLayout.LegacyKeyV1;
            return batch.Length >= keyAt + 8 && header.Crc == Crc32.Compute(batch[RecordBatchLayout.Magic..]);
        }

        return batch.Length >= RecordBatchLayout.HeaderBytes && header.Crc == Crc32C.Compute(batch[RecordBatchLayout.Attributes..]);
    }

    /// <summary>Throws unless <see cref="IsValid"/>.</summary>
    /// <exception cref="RecordFormatException"><see cref="RecordFormatError.Checksum"/>.</exception>
    public static void EnsureValid(ReadOnlySpan<byte> batch)
    {
        if (!IsValid(batch))
            throw new RecordFormatException(RecordFormatError.Checksum, $"the batch at offset {new RecordBatchHeader(batch).BaseOffset} is damaged: its checksum is wrong");
    }

    /// <summary>Writes the base offset, which is not under the checksum.</summary>
    public static void SetBaseOffset(Span<byte> batch, Offset offset) =>
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchLayout.BaseOffset..], offset.Value);

    /// <summary>Writes the leader epoch, which is not under the checksum. Magic 2 only.</summary>
    public static void SetLeaderEpoch(Span<byte> batch, LeaderEpoch epoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchLayout.LeaderEpoch..], epoch.Value);

    /// <summary>Writes timestamp type and largest timestamp, and a new checksum if either changes. Magic 2 only, the whole batch.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool SetMaxTimestamp(Span<byte> batch, TimestampType type, long timestampMs)
    {
        RecordBatchHeader header = new(batch);
        RecordBatchAttributes attributes = header.Attributes.With(type);
        if (header.MaxTimestamp == timestampMs && header.Attributes == attributes) return false;
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchLayout.Attributes..], attributes.Value);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchLayout.MaxTimestamp..], timestampMs);
        WriteCrc(batch);
        return true;
    }

    /// <summary>Writes the checksum of a whole batch of magic 2.</summary>
    public static void WriteCrc(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatchLayout.Crc..], Crc32C.Compute(batch[RecordBatchLayout.Attributes..]));

    /// <summary>
    /// A sequence number <paramref name="delta"/> behind <paramref name="baseSequence"/>: they wrap from 2147483647 to 0. -1 stays -1.
    /// </summary>
    public static int Sequence(int baseSequence, int delta) =>
        baseSequence < 0 ? -1 : (int)(((long)baseSequence + delta) & int.MaxValue);
}
