using System.Buffers.Binary;
using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Tests.Batches;

public sealed class RecordBatchEnumeratorTests
{
    [Fact]
    public void Every_cut_of_the_last_batch_is_a_torn_tail_behind_whole_batches()
    {
        byte[] first = SampleBatches.Plain(3);
        byte[] second = SampleBatches.Plain(1);
        byte[] both = [.. first, .. second];
        for (int length = first.Length + 1; length < both.Length; length++)
        {
            RecordBatchEnumerator batches = new(both.AsSpan(0, length));
            Assert.True(batches.MoveNext());
            Assert.False(batches.MoveNext());
            Assert.Equal((BatchScan.TornTail, first.Length), (batches.State, batches.Position));
            Assert.False(batches.MoveNext());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(13)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 11)]
    public void A_length_that_no_batch_has_is_corrupt(int length)
    {
        byte[] batch = SampleBatches.Plain(3);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchLayout.Length), length);
        Assert.Equal(BatchScan.Corrupt, RecordBatch.Probe(batch, out int size));
        Assert.Equal(0, size);
    }

    [Fact]
    public void A_magic_that_is_unknown_is_corrupt()
    {
        foreach (byte magic in new byte[] { 3, 127, 128, 255 })
        {
            byte[] batch = SampleBatches.Plain(3);
            batch[RecordBatchLayout.Magic] = magic;
            Assert.Equal(BatchScan.Corrupt, RecordBatch.Probe(batch, out _));
        }
    }

    [Fact]
    public void A_batch_shorter_than_its_own_header_is_damage_by_checksum()
    {
        byte[] batch = SampleBatches.Plain(3);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchLayout.Length), RecordBatchLayout.HeaderBytes - RecordBatchLayout.LogOverhead - 1);
        RecordFormatException error = Assert.Throws<RecordFormatException>(() => new RecordBatchEnumerator(batch).MoveNextOrThrow());
        Assert.Equal(RecordFormatError.Checksum, error.Error);
    }

    [Fact]
    public void The_size_of_a_torn_batch_is_known_from_its_first_17_bytes()
    {
        byte[] batch = SampleBatches.Plain(3);
        Assert.Equal(BatchScan.TornTail, RecordBatch.Probe(batch.AsSpan(0, RecordBatchLayout.BytesToMagic), out int size));
        Assert.Equal(batch.Length, size);
        Assert.Equal(BatchScan.Batch, RecordBatch.Probe(batch.AsSpan(0, RecordBatchLayout.BytesToMagic), batch.Length, out _));
    }

    [Fact]
    public void Nothing_is_the_end() => Assert.Equal(BatchScan.End, RecordBatch.Probe([], out _));

    [Fact]
    public void Walking_over_batches_allocates_nothing()
    {
        byte[] batches = [.. SampleBatches.Plain(3), .. SampleBatches.Plain(2), .. SampleBatches.Plain(1)];
        Assert.Equal(6, CountRecords(batches));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = CountRecords(batches);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(6, count);
    }

    private static int CountRecords(byte[] batches)
    {
        int count = 0;
        foreach (RecordBatchHeader header in new RecordBatchEnumerator(batches)) count += header.Count!.Value;
        RecordBatchEnumerator walk = new(batches);
        int read = 0;
        while (walk.MoveNext())
        {
            foreach (Record record in RecordReader.Open(batches.AsMemory(walk.Position, walk.Current.SizeInBytes))) read += record.Key.HasValue ? 1 : 0;
        }

        return count == read ? count : -1;
    }
}
