using System.Buffers.Binary;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Tests.Batches;

public sealed class ProduceValidatorTests
{
    private static readonly ProduceValidationOptions Defaults = new();

    [Theory]
    [InlineData(1_048_588, ErrorCode.None)]
    [InlineData(1_048_589, ErrorCode.MessageTooLarge)]
    public void The_default_size_limit_is_Kafkas_to_the_byte(int size, ErrorCode expected)
    {
        // Header, length (3 bytes), attributes, two deltas, null key, value length (3 bytes), value, header count.
        byte[] batch = SampleBatches.Build(new(), [new(SampleBatches.Now, NullableBytes.Null, new byte[size - 61 - 3 - 4 - 3 - 1], [])]);
        Assert.Equal(size, batch.Length);
        Assert.Equal(expected, Validate(batch, Defaults)?.Error ?? ErrorCode.None);
    }

    [Fact]
    public void The_size_is_checked_again_after_the_codec_has_changed()
    {
        byte[] batch = SampleBatches.Plain(1, CompressionType.Gzip, valueBytes: 5000);
        ProduceValidationOptions options = new() { Compression = CompressionType.None, MaxMessageBytes = 1000 };
        Assert.Equal(ErrorCode.MessageTooLarge, Validate(batch, options)?.Error);
    }

    [Fact]
    public void Records_that_unfold_beyond_the_bound_are_too_large()
    {
        ProduceFailure? failure = Validate(SampleBatches.Plain(1, CompressionType.Zstd, valueBytes: 5000), Defaults with { DecompressedBytesMax = 4000 });
        Assert.Equal((ErrorCode.MessageTooLarge, StricterRule.DecompressedSize), (failure?.Error, failure?.Stricter));
    }

    [Fact]
    public void Record_errors_are_bounded()
    {
        byte[] batch = SampleBatches.Plain(Limits.RecordErrors + 10);
        ProduceFailure? failure = Validate(batch, Defaults, nowMs: 0);
        Assert.Equal(ErrorCode.InvalidTimestamp, failure?.Error);
        Assert.Equal(Limits.RecordErrors, failure!.RecordErrors.Count);
        Assert.NotNull(failure.ErrorMessage);
    }

    [Fact]
    public void A_missing_key_beside_a_wrong_timestamp_makes_the_record_invalid()
    {
        byte[] batch = SampleBatches.Build(new(), [new(SampleBatches.Now * 2, new byte[1], NullableBytes.Null, []), new(SampleBatches.Now, NullableBytes.Null, NullableBytes.Null, [])]);
        ProduceFailure? failure = Validate(batch, Defaults with { KeysRequired = true });
        Assert.Equal(ErrorCode.InvalidRecord, failure?.Error);
        Assert.Equal([0, 1], failure!.RecordErrors.Select(error => error.BatchIndex));
    }

    [Theory]
    [InlineData(-1, ErrorCode.None)]
    [InlineData(-2, ErrorCode.None)]
    [InlineData(long.MinValue + 1, ErrorCode.InvalidTimestamp)]
    [InlineData(long.MaxValue, ErrorCode.InvalidTimestamp)]
    [InlineData(SampleBatches.Now + 3_600_000, ErrorCode.None)]
    [InlineData(SampleBatches.Now + 3_600_001, ErrorCode.InvalidTimestamp)]
    public void Timestamps_are_held_against_the_clock_without_overflow(long timestampMs, ErrorCode expected)
    {
        byte[] batch = SampleBatches.Build(new(), [new(timestampMs, NullableBytes.Null, NullableBytes.Null, [])]);
        Assert.Equal(expected, Validate(batch, Defaults)?.Error ?? ErrorCode.None);
    }

    [Fact]
    public void Offset_deltas_that_do_not_count_up_are_refused_in_every_codec()
    {
        foreach (CompressionType codec in SampleBatches.Codecs)
        {
            using RecordBatchBuilder builder = new(new() { Compression = codec, LastOffsetDelta = 1 });
            builder.AppendAt(new(0), SampleBatches.Now, NullableBytes.Null, NullableBytes.Null);
            builder.AppendAt(new(2), SampleBatches.Now, NullableBytes.Null, NullableBytes.Null);
            ProduceFailure? failure = Validate(builder.BuildArray(), Defaults);
            Assert.Equal((ErrorCode.InvalidRecord, StricterRule.OffsetDeltas), (failure?.Error, failure?.Stricter));
        }
    }

    [Fact]
    public void A_fault_that_Kafka_knows_is_reported_before_one_that_it_lets_pass()
    {
        byte[] batch = SampleBatches.Plain(3);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(RecordBatchLayout.Attributes), 0x80);
        RecordBatch.WriteCrc(batch);
        Assert.Equal(StricterRule.ReservedAttributes, Validate([.. batch], Defaults)?.Stricter);
        Assert.Equal(StricterRule.StrayBytes, Validate([.. SampleBatches.Plain(3), 1, 2, 3], Defaults)?.Stricter);
        Assert.Equal(StricterRule.None, Validate([.. batch, 1, 2, 3], Defaults with { MaxMessageBytes = 10 })?.Stricter);
        batch[^1] ^= 1;
        Assert.Equal(ErrorCode.CorruptMessage, Validate([.. batch, 1, 2, 3], Defaults)?.Error);
    }

    [Fact]
    public void Control_records_are_for_coordinators()
    {
        byte[] marker = ControlBatch.EndTxnMarker(new(4000), 1, committed: false, coordinatorEpoch: 2, SampleBatches.Now, Offset.Zero, LeaderEpoch.None);
        Assert.Equal(ErrorCode.InvalidRecord, Validate([.. marker], Defaults)?.Error);
        ProduceValidationOptions gzip = new() { Compression = CompressionType.Gzip };
        Assert.Null(ProduceValidator.Validate(marker, gzip, 12, AppendOrigin.Coordinator, SampleBatches.Now, out ValidatedBatch batch));
        Assert.True(batch.IsControl && !batch.IsReencoded);
    }

    [Fact]
    public void A_good_batch_stays_in_its_memory_and_gets_offsets_and_epoch()
    {
        foreach (CompressionType codec in SampleBatches.Codecs)
        {
            byte[] payload = SampleBatches.Plain(3, codec);
            uint crc = new RecordBatchHeader(payload).Crc;
            Assert.Null(ProduceValidator.Validate(payload, Defaults, 12, AppendOrigin.Client, SampleBatches.Now, out ValidatedBatch batch));
            Assert.True(batch.Bytes.Equals(payload.AsMemory()));
            AssignedBatch assigned = ProduceValidator.AssignOffsets(batch, new(100), new(7), nowMs: 1);
            Assert.Equal(new AssignedBatch(new(100), new(102), SampleBatches.Now + 2, new(102), -1), assigned);
            RecordBatchHeader header = new(payload);
            Assert.Equal((100, 102, 7, crc), (header.BaseOffset.Value, header.LastOffset.Value, header.LeaderEpoch.Value, header.Crc));
        }
    }

    [Fact]
    public void An_append_time_topic_stamps_the_batch_when_offsets_are_assigned()
    {
        byte[] payload = SampleBatches.Plain(3, CompressionType.Lz4);
        ProduceValidationOptions options = new() { TimestampType = TimestampType.LogAppendTime };
        Assert.Null(ProduceValidator.Validate(payload, options, 12, AppendOrigin.Client, SampleBatches.Now, out ValidatedBatch batch));
        AssignedBatch assigned = ProduceValidator.AssignOffsets(batch, new(5), new(0), nowMs: 777);
        Assert.Equal(new AssignedBatch(new(5), new(7), 777, new(5), 777), assigned);
        Assert.True(RecordBatch.IsValid(payload));
        foreach (Record record in RecordReader.Open(payload)) Assert.Equal(777, record.TimestampMs);
    }

    [Fact]
    public void Another_codec_keeps_records_producer_and_flags()
    {
        RecordBatchOptions sent = new() { ProducerId = new(9), ProducerEpoch = 2, BaseSequence = 40, IsTransactional = true };
        foreach (CompressionType source in SampleBatches.Codecs)
        {
            foreach (CompressionType wanted in SampleBatches.Codecs)
            {
                byte[] payload = SampleBatches.Build(sent with { Compression = source }, [new(1, new byte[3], new byte[200], [new("h", new byte[2])])]);
                ProduceValidationOptions options = new() { Compression = wanted };
                Assert.Null(ProduceValidator.Validate(payload, options, 12, AppendOrigin.Client, SampleBatches.Now, out ValidatedBatch batch));
                using (batch)
                {
                    ProduceValidator.AssignOffsets(batch, new(8), new(1), 0);
                    Assert.Equal((source != wanted, wanted), (batch.IsReencoded, batch.Compression));
                    Assert.True(RecordBatch.IsValid(batch.Bytes.Span));
                    RecordBatchOptions stored = RecordBatchOptions.Of(new RecordBatchHeader(batch.Bytes.Span));
                    Assert.Equal(sent with { Compression = wanted, BaseOffset = new(8), LeaderEpoch = new(1), LastOffsetDelta = 0 }, stored);
                    foreach (Record record in RecordReader.Open(batch.Bytes)) Assert.Equal((8, 3, 200, 1), (record.Offset.Value, record.Key.Length, record.Value.Length, record.Headers.Count));
                }
            }
        }
    }

    [Fact]
    public void Whatever_byte_is_changed_a_batch_is_refused_or_can_be_read_with_offsets_that_count_up()
    {
        int accepted = 0;
        int refused = 0;
        foreach (CompressionType codec in SampleBatches.Codecs)
        {
            foreach (byte[] changed in SampleBatches.OneByteChanged(SampleBatches.Plain(4, codec)))
            {
                if (RecordBatch.Probe(changed, out int size) == BatchScan.Batch && changed[RecordBatchLayout.Magic] == 2) RecordBatch.WriteCrc(changed.AsSpan(0, size));
                if (ProduceValidator.Validate(changed, Defaults, 12, AppendOrigin.Client, SampleBatches.Now, out ValidatedBatch batch) is null)
                {
                    accepted++;
                    AssertReadable(batch);
                }
                else
                {
                    refused++;
                }
            }
        }

        Assert.True(accepted > 0 && refused > 0);
    }

    [Fact]
    public void Validating_an_uncompressed_mebibyte_allocates_nothing()
    {
        byte[] payload = SampleBatches.Plain(9000, valueBytes: 100);
        Assert.InRange(payload.Length, 900_000, 1_048_588);
        Assert.Null(Validate(payload, Defaults));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ProduceFailure? failure = Validate(payload, Defaults);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Null(failure);
    }

    private static void AssertReadable(ValidatedBatch batch)
    {
        ProduceValidator.AssignOffsets(batch, new(50), new(3), 0);
        Assert.True(RecordBatch.IsValid(batch.Bytes.Span));
        long next = 50;
        foreach (Record record in RecordReader.Open(batch.Bytes)) Assert.Equal(next++, record.Offset.Value);
        Assert.Equal(batch.RecordCount, next - 50);
        Assert.Equal(next - 1, new RecordBatchHeader(batch.Bytes.Span).LastOffset.Value);
    }

    private static ProduceFailure? Validate(byte[] payload, ProduceValidationOptions options, long nowMs = SampleBatches.Now)
    {
        ProduceFailure? failure = ProduceValidator.Validate(payload, options, 12, AppendOrigin.Client, nowMs, out ValidatedBatch batch);
        batch.Dispose();
        return failure;
    }
}
