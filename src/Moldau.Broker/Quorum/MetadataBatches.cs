using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Quorum;

/// <summary>Metadata records as batches, uncompressed as Kafka writes them: each value is a framed record, there are no keys.</summary>
internal static class MetadataBatches
{
    /// <summary>Encodes records into batches with consecutive offsets.</summary>
    /// <param name="records">The records; at least one.</param>
    /// <param name="baseOffset">Offset of the first.</param>
    /// <param name="epoch">The leader epoch.</param>
    /// <param name="timestampMs">The time of the append.</param>
    /// <param name="isAtomic">All in one batch, so that they are committed together or not at all.</param>
    /// <exception cref="MetadataBatchTooLargeException">One batch cannot hold them (or a single one).</exception>
    public static List<EncodedBatch> Encode(IReadOnlyList<MetadataRecord> records, long baseOffset, int epoch, long timestampMs, bool isAtomic)
    {
        Invariant.That(records.Count > 0);
        List<EncodedBatch> batches = [];
        using var builder = new RecordBatchBuilder(Options(baseOffset, epoch));
        using var writer = new WireWriter();
        foreach (MetadataRecord record in records)
        {
            byte[] value = Frame(writer, record);
            if (!builder.HasRoomFor(Raft.Limits.BatchBytes, timestampMs, NullableBytes.Null, value) || value.Length > Raft.Limits.BatchBytes)
            {
                if (isAtomic || builder.Count == 0) throw new MetadataBatchTooLargeException(records.Count);
                batches.Add(Complete(builder, baseOffset));
                baseOffset += batches[^1].Count;
                builder.Reset(Options(baseOffset, epoch));
            }

            builder.Append(timestampMs, NullableBytes.Null, value);
        }

        batches.Add(Complete(builder, baseOffset));
        return batches;
    }

    /// <summary>A record's framed bytes.</summary>
    public static byte[] Frame(WireWriter writer, MetadataRecord record)
    {
        writer.Reset();
        RecordFraming.WriteMetadata(writer, record.Message, record.Version);
        return writer.ToArray();
    }

    /// <summary>Decodes a whole batch whose checksum is right; control batches have no metadata records.</summary>
    /// <exception cref="WireFormatException">A record is not understood: it may be of a newer version.</exception>
    /// <exception cref="RecordFormatException">The batch is damaged.</exception>
    public static CommittedBatch Decode(ReadOnlyMemory<byte> batch)
    {
        RecordBatch.EnsureValid(batch.Span);
        var header = new RecordBatchHeader(batch.Span);
        (long baseOffset, long lastOffset, int epoch, long timestampMs, bool isControl) =
            (header.BaseOffset, header.LastOffset, header.LeaderEpoch, header.MaxTimestamp, header.IsControl);
        List<MetadataRecord> records = [];
        if (!isControl)
        {
            foreach (Record record in RecordReader.Open(batch))
            {
                IMessage message = RecordFraming.ReadMetadata(record.Value.Memory, out short version);
                records.Add(new MetadataRecord(message, version));
            }
        }

        return new CommittedBatch(baseOffset, lastOffset, epoch, timestampMs, batch.Length, records);
    }

    public static RecordBatchOptions Options(long baseOffset, int epoch) => new() { BaseOffset = (Offset)baseOffset, LeaderEpoch = (LeaderEpoch)epoch };

    private static EncodedBatch Complete(RecordBatchBuilder builder, long baseOffset) => new(baseOffset, builder.Count, builder.BuildArray());
}

/// <summary>A batch ready to be written.</summary>
/// <param name="BaseOffset">Its first offset.</param>
/// <param name="Count">Its records.</param>
/// <param name="Bytes">The batch.</param>
internal readonly record struct EncodedBatch(long BaseOffset, int Count, byte[] Bytes);
