using System.Buffers.Binary;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Tests.Batches;

public sealed class RecordReaderTests
{
    private const int Bound = 1 << 20;

    [Fact]
    public void Every_prefix_of_every_sample_is_read_or_refused_and_nothing_else_happens()
    {
        using PooledBuffer buffer = new();
        foreach ((string name, byte[] bytes) in SampleBatches.Golden())
        {
            int whole = TryRead(bytes, buffer);
            Assert.True(whole >= 0, name);
            for (int length = 0; length < bytes.Length; length++) Assert.InRange(TryRead(bytes[..length], buffer), -1, whole);
        }
    }

    [Fact]
    public void A_changed_byte_in_any_sample_gives_records_or_the_one_exception_within_bounded_memory()
    {
        using PooledBuffer buffer = new();
        int refused = 0;
        foreach ((_, byte[] bytes) in SampleBatches.Golden().Where(sample => sample.Bytes.Length < 600))
        {
            foreach (byte[] changed in SampleBatches.OneByteChanged(bytes))
            {
                if (TryRead(changed, buffer) < 0) refused++;
            }
        }

        Assert.True(refused > 0);
        Assert.InRange(buffer.Capacity, 0, 4 * Bound);
    }

    [Fact]
    public void The_body_cut_inside_a_batch_that_says_otherwise_is_refused()
    {
        foreach (CompressionType codec in SampleBatches.Codecs)
        {
            byte[] batch = SampleBatches.Plain(5, codec);
            for (int length = RecordBatchLayout.HeaderBytes; length < batch.Length; length++)
            {
                byte[] cut = batch[..length];
                BinaryPrimitives.WriteInt32BigEndian(cut.AsSpan(RecordBatchLayout.Length), length - RecordBatchLayout.LogOverhead);
                Assert.Throws<RecordFormatException>(() => Read(cut));
            }
        }
    }

    [Fact]
    public void A_count_that_is_not_that_of_the_records_is_refused()
    {
        foreach (int count in new[] { int.MinValue, -1, 2, 4, int.MaxValue })
        {
            byte[] batch = SampleBatches.Plain(3);
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchLayout.Count), count);
            Assert.Equal(RecordFormatError.Record, Assert.Throws<RecordFormatException>(() => Read(batch)).Error);
        }
    }

    [Fact]
    public void Records_over_the_bound_are_refused_as_too_large()
    {
        byte[] batch = SampleBatches.Plain(1, CompressionType.Zstd, valueBytes: 100_000);
        RecordFormatException error = Assert.Throws<RecordFormatException>(() => RecordReader.Open(batch, decompressedBytesMax: 1000));
        Assert.Equal(RecordFormatError.TooLarge, error.Error);
    }

    [Fact]
    public void Append_time_holds_for_every_record()
    {
        byte[] batch = SampleBatches.Build(new() { AppendTimeMs = 77 }, [new(1, NullableBytes.Null, new byte[1], []), new(2, NullableBytes.Null, new byte[1], [])]);
        foreach (Record record in RecordReader.Open(batch)) Assert.Equal(77, record.TimestampMs);
    }

    [Fact]
    public void Records_in_the_callers_buffer_outlive_the_reader()
    {
        byte[] batch = SampleBatches.Plain(4, CompressionType.Lz4);
        using PooledBuffer buffer = new();
        List<Record> kept = [];
        foreach (Record record in RecordReader.Open(batch, buffer)) kept.Add(record);
        Assert.Equal(["k0", "k1", "k2", "k3"], kept.Select(record => System.Text.Encoding.ASCII.GetString(record.Key.Span)));
    }

    [Fact]
    public void A_decoded_record_owns_its_bytes()
    {
        byte[] batch = SampleBatches.Build(new(), [new(5, new byte[] { 1 }, new byte[] { 2 }, [new("h", new byte[] { 3 })])]);
        List<DecodedRecord> decoded = [];
        foreach (Record record in RecordReader.Open(batch)) decoded.Add(record.ToDecoded());
        batch.AsSpan().Clear();
        DecodedRecord one = Assert.Single(decoded);
        Assert.Equal(5, one.TimestampMs);
        Assert.Equal([1, 2, 3], [.. one.Key!, .. one.Value!, .. one.Headers[0].Value.ToArray()!]);
        Assert.Equal("h", one.Headers[0].KeyText);
    }

    private static int Read(byte[] bytes)
    {
        int count = 0;
        foreach (Record record in RecordReader.Open(bytes)) count++;
        return count;
    }

    /// <summary>Records read with every part of them looked at; -1 when the bytes are refused.</summary>
    private static int TryRead(byte[] bytes, PooledBuffer buffer)
    {
        int count = 0;
        try
        {
            RecordBatchEnumerator batches = new(bytes);
            while (batches.MoveNextOrThrow())
            {
                buffer.Clear();
                foreach (Record record in RecordReader.Open(bytes.AsMemory(batches.Position, batches.Current.SizeInBytes), buffer, Bound))
                {
                    count++;
                    _ = record.ControlType;
                    foreach (RecordHeader header in record.Headers) _ = header.Value.Length + header.Key.Length;
                }
            }

            return count;
        }
        catch (RecordFormatException)
        {
            return -1;
        }
    }
}
