using System.Buffers.Binary;

namespace Moldau.Protocol.Compression;

/// <summary>The header of a gzip member (RFC 1952, 2.3).</summary>
internal static class GzipHeader
{
    private const int FixedBytes = 10;
    private const int HeaderCrc = 2;
    private const int Extra = 4;
    private const int Name = 8;
    private const int Comment = 16;
    private const int Reserved = 0xe0;

    /// <summary>Bytes of the header at the start of <paramref name="source"/>; 0 when there is none.</summary>
    public static int Length(ReadOnlySpan<byte> source)
    {
        if (source.Length < FixedBytes || source[0] != 0x1f || source[1] != 0x8b || source[2] != 8) return 0;
        int flags = source[3];
        if ((flags & Reserved) != 0) return 0;
        int position = FixedBytes;
        if ((flags & Extra) != 0)
        {
            if (source.Length < position + 2) return 0;
            position += 2 + BinaryPrimitives.ReadUInt16LittleEndian(source[position..]);
        }

        if ((flags & Name) != 0 && !SkipText(source, ref position)) return 0;
        if ((flags & Comment) != 0 && !SkipText(source, ref position)) return 0;
        if ((flags & HeaderCrc) != 0 && !SkipCrc(source, ref position)) return 0;
        return position <= source.Length ? position : 0;
    }

    private static bool SkipText(ReadOnlySpan<byte> source, ref int position)
    {
        if (position > source.Length) return false;
        int end = source[position..].IndexOf((byte)0);
        position += end + 1;
        return end >= 0;
    }

    private static bool SkipCrc(ReadOnlySpan<byte> source, ref int position)
    {
        if (source.Length < position + 2) return false;
        ushort crc = BinaryPrimitives.ReadUInt16LittleEndian(source[position..]);
        bool right = crc == (ushort)Batches.Crc32.Compute(source[..position]);
        position += 2;
        return right;
    }
}
