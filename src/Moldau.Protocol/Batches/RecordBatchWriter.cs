using System.Buffers.Binary;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>Writes headers of magic 2.</summary>
public static class RecordBatchWriter
{
    /// <summary>Writes the header of <paramref name="batch"/>, whose records already stand behind it, with the checksum.</summary>
    internal static void WriteHeader(Span<byte> batch, in RecordBatchOptions options, int lastOffsetDelta, long baseTimestamp, long maxTimestamp, int count)
    {
        TimestampType timestampType = options.AppendTimeMs is null ? TimestampType.CreateTime : TimestampType.LogAppendTime;
        RecordBatchAttributes attributes = new(
            options.Compression, timestampType, options.IsTransactional, options.IsControl, options.DeleteHorizonMs is not null);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchLayout.BaseOffset..], options.BaseOffset.Value);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchLayout.Length..], batch.Length - RecordBatchLayout.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchLayout.LeaderEpoch..], options.LeaderEpoch.Value);
        batch[RecordBatchLayout.Magic] = 2;
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchLayout.Attributes..], attributes.Value);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchLayout.LastOffsetDelta..], lastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchLayout.BaseTimestamp..], baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchLayout.MaxTimestamp..], maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchLayout.ProducerId..], options.ProducerId.Value);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchLayout.ProducerEpoch..], options.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchLayout.BaseSequence..], options.BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchLayout.Count..], count);
        RecordBatch.WriteCrc(batch);
    }

    /// <summary>
    /// Writes what the log cleaner leaves of a batch whose records are all gone but whose producer's last sequence must stay known: the
    /// header alone, uncompressed, with the same offsets, producer, flags and largest timestamp.
    /// </summary>
    /// <param name="target"><see cref="RecordBatchLayout.HeaderBytes"/> bytes.</param>
    /// <param name="original">The batch as it was.</param>
    public static void WriteEmptied(Span<byte> target, RecordBatchHeader original)
    {
        RecordBatchOptions options = RecordBatchOptions.Of(original) with { Compression = CompressionType.None, DeleteHorizonMs = null };
        WriteHeader(target[..RecordBatchLayout.HeaderBytes], options, original.LastOffsetDelta, baseTimestamp: -1, original.MaxTimestamp, count: 0);
    }
}
