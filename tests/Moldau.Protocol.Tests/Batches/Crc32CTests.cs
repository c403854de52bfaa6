using System.Text;
using CsCheck;
using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Tests.Batches;

public sealed class Crc32CTests
{
    [Fact]
    public void Check_value_of_both_polynomials_is_right()
    {
        byte[] digits = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(0xe3069283u, Crc32C.Compute(digits));
        Assert.Equal(0xe3069283u, Crc32C.AppendBytewise(0, digits));
        Assert.Equal(0xcbf43926u, Crc32.Compute(digits));
    }

    [Fact]
    public void Every_length_around_the_lanes_boundaries_equals_the_table()
    {
        byte[] bytes = Noise(40_000);
        foreach (int boundary in new[] { 0, 768, 1536, 3 * 4096, 6 * 4096 })
        {
            for (int length = Math.Max(0, boundary - 20); length < boundary + 20; length++)
                Assert.Equal(Crc32C.AppendBytewise(0, bytes.AsSpan(0, length)), Crc32C.Compute(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Any_split_at_any_alignment_gives_the_checksum_of_the_whole()
    {
        byte[] bytes = Noise(60_000);
        Gen.Select(Gen.Int[0, 16], Gen.Int[0, 40_000], Gen.Int[0, 40_000]).Sample(
            (start, length, split) =>
            {
                ReadOnlySpan<byte> whole = bytes.AsSpan(start, length);
                int at = Math.Min(split, length);
                uint expected = Crc32C.AppendBytewise(0, whole);
                Assert.Equal(expected, Crc32C.Compute(whole));
                Assert.Equal(expected, Crc32C.Append(Crc32C.Compute(whole[..at]), whole[at..]));
            },
            iter: 500);
    }

    [Fact]
    public void Ieee_checksum_equals_the_bit_by_bit_definition()
    {
        Gen.Byte.Array[0, 300].Sample(bytes => Assert.Equal(BitByBit(bytes), Crc32.Compute(bytes)), iter: 300);
    }

    private static uint BitByBit(byte[] bytes)
    {
        uint state = uint.MaxValue;
        foreach (byte value in bytes)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++) state = (state & 1) != 0 ? (state >> 1) ^ Crc32Tables.Ieee : state >> 1;
        }

        return ~state;
    }

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        uint state = 1;
        for (int i = 0; i < length; i++) bytes[i] = (byte)((state = (state * 1664525) + 1013904223) >> 24);
        return bytes;
    }
}
