using System.Buffers.Binary;
using System.Numerics;

namespace Moldau.Protocol.Compression;

/// <summary>xxHash, 32 bits, seed 0: the checksum of LZ4 frames.</summary>
internal static class XxHash32
{
    private const uint Prime1 = 2654435761;
    private const uint Prime2 = 2246822519;
    private const uint Prime3 = 3266489917;
    private const uint Prime4 = 668265263;
    private const uint Prime5 = 374761393;

    public static uint Compute(ReadOnlySpan<byte> source)
    {
        uint length = (uint)source.Length;
        uint hash = Prime5;
        if (source.Length >= 16) hash = Stripes(ref source);
        hash += length;
        for (; source.Length >= 4; source = source[4..])
            hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(source) * Prime3), 17) * Prime4;
        foreach (byte rest in source) hash = BitOperations.RotateLeft(hash + (rest * Prime5), 11) * Prime1;
        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    private static uint Stripes(ref ReadOnlySpan<byte> source)
    {
        uint a = unchecked(Prime1 + Prime2);
        uint b = Prime2;
        uint c = 0;
        uint d = unchecked(0 - Prime1);
        for (; source.Length >= 16; source = source[16..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt32LittleEndian(source));
            b = Round(b, BinaryPrimitives.ReadUInt32LittleEndian(source[4..]));
            c = Round(c, BinaryPrimitives.ReadUInt32LittleEndian(source[8..]));
            d = Round(d, BinaryPrimitives.ReadUInt32LittleEndian(source[12..]));
        }

        return BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
    }

    private static uint Round(uint lane, uint word) => BitOperations.RotateLeft(lane + (word * Prime2), 13) * Prime1;
}
