using System.Text;
using CsCheck;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Tests.Batches;

public sealed class RecordBatchBuilderTests
{
    private static readonly Gen<RecordBatchOptions> GenOptions = Gen.Select(
        Gen.Int[0, 4].Select(id => (CompressionType)id),
        Gen.Long[0, long.MaxValue - 1000],
        Gen.Int[-1, 1000],
        Gen.OneOf(Gen.Const(-1L), Gen.Long[0, long.MaxValue]),
        Gen.Int[0, int.MaxValue],
        Gen.Bool,
        Gen.OneOf(Gen.Bool.Select(_ => (long?)null), Gen.Long[0, SampleBatches.Now].Select(time => (long?)time)),
        (codec, offset, epoch, producer, sequence, transactional, appendTime) => new RecordBatchOptions
        {
            Compression = codec,
            BaseOffset = new(offset),
            LeaderEpoch = new(epoch),
            ProducerId = new(producer),
            ProducerEpoch = (short)(producer < 0 ? -1 : 3),
            BaseSequence = producer < 0 ? -1 : sequence,
            IsTransactional = transactional && producer >= 0,
            AppendTimeMs = appendTime,
        });

    [Fact]
    public void An_offset_that_does_not_rise_is_a_bug()
    {
        using RecordBatchBuilder builder = new(new());
        builder.AppendAt(new(5), 0, NullableBytes.Null, NullableBytes.Null);
        Assert.Throws<InvariantViolationException>(() => builder.AppendAt(new(5), 0, NullableBytes.Null, NullableBytes.Null));
    }

    [Fact]
    public void A_batch_without_records_is_a_bug() => Assert.Throws<InvariantViolationException>(() =>
    {
        using RecordBatchBuilder builder = new(new());
        builder.Build();
    });

    [Fact]
    public void Records_and_header_come_back_as_they_were_given()
    {
        Gen.Select(GenOptions, SampleBatches.GenRecord.Array[1, 12]).Sample(
            (options, records) =>
            {
                byte[] batch = SampleBatches.Build(options, records);
                Assert.True(RecordBatch.IsValid(batch));
                Assert.Equal(BatchScan.Batch, RecordBatch.Probe(batch, out int size));
                Assert.Equal(batch.Length, size);
                RecordBatchHeader header = new(batch);
                Assert.Equal(options with { LastOffsetDelta = records.Length - 1 }, RecordBatchOptions.Of(header));
                Assert.Equal(options.AppendTimeMs ?? records.Max(record => record.TimestampMs), header.MaxTimestamp);
                SameRecords(batch, options, records);
            },
            iter: 400);
    }

    [Fact]
    public void The_announced_size_is_exact_without_compression()
    {
        SampleBatches.GenRecord.Array[1, 12].Sample(
            records =>
            {
                using RecordBatchBuilder builder = new(new());
                foreach (Sent record in records)
                {
                    long expected = builder.SizeInBytes + builder.SizeOfNext(record.TimestampMs, record.Key, record.Value, record.Headers);
                    builder.Append(record.TimestampMs, record.Key, record.Value, record.Headers);
                    Assert.Equal(expected, builder.SizeInBytes);
                }

                Assert.Equal(builder.SizeInBytes, builder.Build().Length);
            },
            iter: 200);
    }

    [Fact]
    public void A_first_record_always_fits_and_a_later_one_to_the_byte()
    {
        using RecordBatchBuilder builder = new(new());
        Assert.True(builder.HasRoomFor(10, 0, NullableBytes.Null, new byte[100]));
        builder.Append(0, NullableBytes.Null, new byte[100]);
        int after = builder.SizeInBytes + (int)builder.SizeOfNext(0, NullableBytes.Null, new byte[100]);
        Assert.True(builder.HasRoomFor(after, 0, NullableBytes.Null, new byte[100]));
        Assert.False(builder.HasRoomFor(after - 1, 0, NullableBytes.Null, new byte[100]));
        builder.ExpectedCompressionRatio = 0.5;
        Assert.True(builder.HasRoomFor(after - 1, 0, NullableBytes.Null, new byte[100]));
    }

    [Fact]
    public void Gaps_and_a_kept_last_offset_come_back()
    {
        using RecordBatchBuilder builder = new(new() { BaseOffset = new(10), LastOffsetDelta = 10 });
        builder.AppendAt(new(12), 5, NullableBytes.Null, NullableBytes.Null);
        builder.AppendAt(new(17), 4, NullableBytes.Null, NullableBytes.Null);
        byte[] batch = builder.BuildArray();
        Assert.Equal(20, new RecordBatchHeader(batch).LastOffset.Value);
        List<long> offsets = [];
        foreach (Record record in RecordReader.Open(batch)) offsets.Add(record.Offset.Value);
        Assert.Equal([12, 17], offsets);
    }

    [Fact]
    public void Control_records_carry_their_type_and_the_coordinators_epoch()
    {
        byte[] batch = ControlBatch.EndTxnMarker(new(4000), 1, committed: true, coordinatorEpoch: 7, SampleBatches.Now, new(20), new(3));
        (string _, byte[] golden) = SampleBatches.Golden().Single(sample => sample.Name == "commit marker, coordinator epoch 7");
        Assert.Equal(golden, batch);
        foreach (Record record in RecordReader.Open(batch))
        {
            Assert.Equal(ControlRecordType.Commit, record.ControlType);
            Assert.Equal(7, ControlBatch.CoordinatorEpoch(record.Value.Span));
        }
    }

    [Fact]
    public void A_marker_value_that_is_cut_is_refused()
    {
        for (int length = 0; length < 6; length++)
        {
            byte[] value = new byte[length];
            Assert.Throws<RecordFormatException>(() => ControlBatch.CoordinatorEpoch(value));
        }
    }

    [Fact]
    public void Building_batch_after_batch_allocates_nothing()
    {
        using RecordBatchBuilder builder = new(new());
        byte[] value = new byte[100];
        RecordHeader[] headers = [new("h", value)];
        int length = Fill(builder, value, headers);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int again = Fill(builder, value, headers);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(length, again);
    }

    [Theory]
    [InlineData(2147483646, 1, 2147483647)]
    [InlineData(2147483647, 1, 0)]
    [InlineData(2147483646, 5, 3)]
    [InlineData(-1, 5, -1)]
    public void Sequences_wrap_to_zero(int first, int delta, int expected) => Assert.Equal(expected, RecordBatch.Sequence(first, delta));

    private static int Fill(RecordBatchBuilder builder, byte[] value, RecordHeader[] headers)
    {
        builder.Reset(new());
        for (int i = 0; i < 1000; i++) builder.Append(SampleBatches.Now + i, value, value, headers);
        return builder.Build().Length;
    }

    private static void SameRecords(byte[] batch, RecordBatchOptions options, Sent[] expected)
    {
        int index = 0;
        foreach (Record record in RecordReader.Open(batch))
        {
            Sent sent = expected[index];
            Assert.Equal(options.BaseOffset.Value + index, record.Offset.Value);
            Assert.Equal(options.AppendTimeMs ?? sent.TimestampMs, record.TimestampMs);
            Assert.Equal(RecordBatch.Sequence(options.BaseSequence, index), record.Sequence);
            Assert.True(sent.Key == record.Key && sent.Value == record.Value);
            Assert.Equal(sent.Headers.Length, record.Headers.Count);
            int header = 0;
            foreach (RecordHeader read in record.Headers)
            {
                Assert.Equal(Encoding.UTF8.GetString(sent.Headers[header].Key.Span), read.KeyText);
                Assert.True(sent.Headers[header++].Value == read.Value);
            }

            index++;
        }

        Assert.Equal(expected.Length, index);
    }
}
