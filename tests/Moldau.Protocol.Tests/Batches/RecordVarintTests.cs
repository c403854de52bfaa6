using CsCheck;
using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Tests.Batches;

public sealed class RecordVarintTests
{
    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xff, 0xff })]
    [InlineData(new byte[] { 0x85, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })]
    public void A_cut_or_six_byte_number_is_refused(byte[] bytes)
    {
        int position = 0;
        Assert.False(RecordVarint.TryRead32(bytes, ref position, out _));
        position = 0;
        Assert.False(RecordVarint.TryRead64(bytes.AsSpan(0, Math.Min(bytes.Length, 5)), ref position, out _));
    }

    [Fact]
    public void Eleven_bytes_are_too_many_for_64_bits()
    {
        int position = 0;
        Assert.False(RecordVarint.TryRead64([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], ref position, out _));
    }

    [Fact]
    public void Every_two_bytes_are_read_as_the_definition_says()
    {
        byte[] bytes = new byte[2];
        for (int pair = 0; pair <= ushort.MaxValue; pair++)
        {
            (bytes[0], bytes[1]) = ((byte)pair, (byte)(pair >> 8));
            int raw = bytes[0] < 0x80 ? bytes[0] : (bytes[0] & 0x7f) | (bytes[1] << 7);
            (bool, int, int) expected = bytes[0] >= 0x80 && bytes[1] >= 0x80 ? (false, 0, 0) : (true, (raw >> 1) ^ -(raw & 1), bytes[0] < 0x80 ? 1 : 2);
            int position = 0;
            bool read = RecordVarint.TryRead32(bytes, ref position, out int narrow);
            Assert.Equal(expected, read ? (true, narrow, position) : default);
            position = 0;
            read = RecordVarint.TryRead64(bytes, ref position, out long wide);
            Assert.Equal(expected, read ? (true, (int)wide, position) : default);
        }
    }

    [Fact]
    public void Needless_bytes_are_read_as_Java_reads_them()
    {
        int position = 0;
        Assert.True(RecordVarint.TryRead32([0x94, 0x80, 0x00], ref position, out int value));
        Assert.Equal((10, 3), (value, position));
    }

    [Fact]
    public void Numbers_come_back_and_take_as_many_bytes_as_announced()
    {
        Gen.OneOf(Gen.Long, Gen.Int.Select(i => (long)i), Gen.Long[-200, 200], Gen.Const(long.MinValue), Gen.Const(long.MaxValue)).Sample(
            value =>
            {
                byte[] bytes = new byte[RecordVarint.BytesMax64];
                int length = RecordVarint.Write(bytes, value);
                Assert.Equal(length, RecordVarint.SizeOf(value));
                int position = 0;
                Assert.True(RecordVarint.TryRead64(bytes.AsSpan(0, length), ref position, out long read));
                Assert.Equal((value, length), (read, position));
                position = 0;
                if (value != (int)value) return;
                Assert.True(RecordVarint.TryRead32(bytes.AsSpan(0, length), ref position, out int narrow));
                Assert.Equal((value, length), (narrow, position));
            },
            iter: 2000);
    }
}
