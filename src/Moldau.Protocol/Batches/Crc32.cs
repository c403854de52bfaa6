using System.Buffers.Binary;

namespace Moldau.Protocol.Batches;

/// <summary>CRC-32 (IEEE), the checksum of gzip members and of message sets of magic 0 and 1. Eight bytes a step.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = Crc32Tables.EightWide(Crc32Tables.Ieee);

    public static uint Compute(ReadOnlySpan<byte> source)
    {
        uint[] table = Table;
        uint state = uint.MaxValue;
        for (; source.Length >= 8; source = source[8..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(source) ^ state;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
            state = table[1792 + (byte)low] ^ table[1536 + (byte)(low >> 8)] ^ table[1280 + (byte)(low >> 16)] ^ table[1024 + (low >> 24)]
                ^ table[768 + (byte)high] ^ table[512 + (byte)(high >> 8)] ^ table[256 + (byte)(high >> 16)] ^ table[high >> 24];
        }

        foreach (byte value in source) state = table[(byte)(state ^ value)] ^ (state >> 8);
        return ~state;
    }
}
