using System.Buffers.Binary;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>
/// Decides whether what a Produce request holds for one partition may be appended, and makes it ready. <see cref="Validate"/> does the work that needs no
/// offset, before the partition's lock; <see cref="AssignOffsets"/> patches the batch in place, under it. An uncompressed batch is walked over where it
/// lies and costs no allocation; a compressed one is decompressed within a bound to be walked over, and stored as it came.
/// The order of the checks is Kafka's, so that of several faults the same one is reported; what is refused beyond Kafka comes last (docs/adr/0002).
/// </summary>
public static class ProduceValidator
{
    /// <summary>Checks a payload; null when it may be appended.</summary>
    /// <param name="payload">The records field, in the request's own memory: patched in place, also when this fails.</param>
    /// <param name="options">The topic's demands.</param>
    /// <param name="produceVersion">The version of the Produce request.</param>
    /// <param name="origin">Who appends.</param>
    /// <param name="nowMs">The clock.</param>
    /// <param name="batch">The batch, to be disposed after the append; default on failure.</param>
    public static ProduceFailure? Validate(
        Memory<byte> payload, ProduceValidationOptions options, short produceVersion, AppendOrigin origin, long nowMs, out ValidatedBatch batch)
    {
        batch = default;
        RecordBatchEnumerator batches = new(payload.Span);
        bool found = batches.MoveNext();
        ProduceFailure? failure = ProduceChecks.First(batches, payload.Span, found, produceVersion);
        if (failure is not null) return failure;
        RecordBatchHeader header = batches.Current;
        Memory<byte> bytes = payload[..header.SizeInBytes];
        batches.MoveNext();
        failure = ProduceChecks.Rest(batches, payload.Span)
            ?? ProduceChecks.Batch(bytes.Span, options, origin)
            ?? ProduceChecks.Header(header, origin);
        if (failure is not null) return failure;
        try
        {
            failure = Records(bytes, options, nowMs, out batch) ?? ProduceChecks.Beyond(new RecordBatchHeader(bytes.Span), batches.State);
        }
        catch (RecordFormatException damage)
        {
            // The one place where damaged compressed data of a client becomes an answer.
            return damage.Error == RecordFormatError.TooLarge
                ? new ProduceFailure(ErrorCode.MessageTooLarge, damage.Message) { Stricter = StricterRule.DecompressedSize }
                : ProduceFailure.Corrupt(damage.Message, StricterRule.CompressedData);
        }

        if (failure is null) return null;
        batch.Dispose();
        batch = default;
        return failure;
    }

    /// <summary>Gives a batch its place in the log: writes base offset, leader epoch and, on an append-time topic, the time and a new checksum.</summary>
    /// <param name="batch">What <see cref="Validate"/> gave.</param>
    /// <param name="baseOffset">The log's end offset.</param>
    /// <param name="leaderEpoch">The leader's epoch.</param>
    /// <param name="nowMs">The clock, taken under the partition's lock so that append times do not run backwards.</param>
    public static AssignedBatch AssignOffsets(in ValidatedBatch batch, Offset baseOffset, LeaderEpoch leaderEpoch, long nowMs)
    {
        Span<byte> bytes = batch.Bytes.Span;
        RecordBatch.SetBaseOffset(bytes, baseOffset);
        RecordBatch.SetLeaderEpoch(bytes, leaderEpoch);
        Offset last = new(baseOffset.Value + batch.RecordCount - 1);
        if (batch.TimestampType == TimestampType.LogAppendTime)
        {
            RecordBatch.SetMaxTimestamp(bytes, TimestampType.LogAppendTime, nowMs);
            return new(baseOffset, last, nowMs, baseOffset, nowMs);
        }

        Offset latest = batch.IndexOfMaxTimestamp < 0 ? Offset.None : new(baseOffset.Value + batch.IndexOfMaxTimestamp);
        return new(baseOffset, last, batch.MaxTimestampMs, latest, LogAppendTimeMs: -1);
    }

    private static ProduceFailure? Records(Memory<byte> bytes, ProduceValidationOptions options, long nowMs, out ValidatedBatch batch)
    {
        batch = default;
        RecordBatchHeader header = new(bytes.Span);
        CompressionType source = header.Compression;
        CompressionType wanted = options.Compression ?? source;
        // Control records stay uncompressed whatever the topic wants.
        if (header.IsControl && source == CompressionType.None) wanted = source;
        ReadOnlySpan<byte> records = bytes.Span[RecordBatchLayout.HeaderBytes..];
        PooledBuffer? plain = null;
        try
        {
            if (source != CompressionType.None)
            {
                plain = new PooledBuffer();
                RecordCompression.Decompress(source, records, options.DecompressedBytesMax, plain);
                records = plain.Span;
            }

            ProduceFailure? failure = RecordTally.Walk(records, header, source != CompressionType.None, options, nowMs, out RecordTally tally);
            if (failure is not null) return failure;
            PooledBuffer? reencoded = wanted == source ? null : Reencode(bytes.Span, records, wanted, options.CompressionLevel);
            Memory<byte> result = reencoded?.Memory ?? bytes;
            if (options.TimestampType == TimestampType.CreateTime)
                RecordBatch.SetMaxTimestamp(result.Span, TimestampType.CreateTime, tally.MaxTimestampMs);
            batch = new(result, reencoded, tally, options.TimestampType);
            return result.Length <= options.MaxMessageBytes ? null : ProduceChecks.TooLarge(result.Length, options);
        }
        finally
        {
            plain?.Dispose();
        }
    }

    /// <summary>The same header and records under another codec: what the records say of offsets and timestamps is relative and stays right.</summary>
    private static PooledBuffer Reencode(ReadOnlySpan<byte> batch, ReadOnlySpan<byte> records, CompressionType codec, int? level)
    {
        PooledBuffer target = new();
        target.Write(batch[..RecordBatchLayout.HeaderBytes]);
        RecordCompression.Compress(codec, level ?? CompressionLevels.Default(codec), records, target);
        Span<byte> result = target.Span;
        RecordBatchAttributes attributes = new RecordBatchHeader(batch).Attributes.With(codec);
        BinaryPrimitives.WriteInt32BigEndian(result[RecordBatchLayout.Length..], result.Length - RecordBatchLayout.LogOverhead);
        BinaryPrimitives.WriteInt16BigEndian(result[RecordBatchLayout.Attributes..], attributes.Value);
        RecordBatch.WriteCrc(result);
        return target;
    }
}
