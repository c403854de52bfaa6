using System.Buffers.Binary;
using Moldau.Protocol.Batches;
using Snappier;

namespace Moldau.Protocol.Compression;

/// <summary>
/// Snappy in the framing of the xerial library: a 16-byte header (8-byte magic, version, lowest compatible version), then blocks, each behind
/// its int32 length. A stream without the magic is one raw block. The version numbers are not checked, since Java does not.
/// </summary>
internal static class SnappyCodec
{
    private const int HeaderBytes = 16;

    // What Java's writer takes as one block.
    private const int BlockBytes = 32 * 1024;

    // A block's best element turns 3 bytes into 64: whoever declares more lies.
    private const int RatioMax = 22;

    private static ReadOnlySpan<byte> Header => [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> Magic => Header[..8];

    public static void Compress(ReadOnlySpan<byte> source, PooledBuffer target)
    {
        target.Write(Header);
        do
        {
            ReadOnlySpan<byte> block = source[..Math.Min(source.Length, BlockBytes)];
            source = source[block.Length..];
            Span<byte> room = target.GetSpan(4 + Snappy.GetMaxCompressedLength(block.Length));
            int length = Snappy.Compress(block, room[4..]);
            BinaryPrimitives.WriteInt32BigEndian(room, length);
            target.Advance(4 + length);
        }
        while (!source.IsEmpty);
    }

    public static void Decompress(ReadOnlySpan<byte> source, int bytesMax, PooledBuffer target)
    {
        if (source.Length < HeaderBytes || !source.StartsWith(Magic))
        {
            Block(source, bytesMax, bytesMax, target);
            return;
        }

        int start = target.Length;
        int position = HeaderBytes;
        // Fewer than four bytes at the end are no block: Java's reader stops there without complaint.
        while (source.Length - position >= 4)
        {
            // A second stream may follow the first: its magic stands where a block's length would.
            if (source[position..].StartsWith(Magic[..4]))
            {
                position += HeaderBytes;
                if (position > source.Length) throw RecordCompression.Damaged(CompressionType.Snappy, "a stream header is cut");
                continue;
            }

            int length = BinaryPrimitives.ReadInt32BigEndian(source[position..]);
            position += 4;
            if (length <= 0 || length > source.Length - position)
                throw RecordCompression.Damaged(CompressionType.Snappy, $"a block of {length} bytes where {source.Length - position} are left");
            Block(source.Slice(position, length), bytesMax - (target.Length - start), bytesMax, target);
            position += length;
        }
    }

    private static void Block(ReadOnlySpan<byte> block, int bytesLeft, int bytesMax, PooledBuffer target)
    {
        try
        {
            int length = block.IsEmpty ? -1 : Snappy.GetUncompressedLength(block);
            if (length < 0 || length > (long)block.Length * RatioMax)
                throw RecordCompression.Damaged(CompressionType.Snappy, "a block declares more bytes than it can hold");
            if (length > bytesLeft) throw RecordCompression.TooLarge(bytesMax);
            if (!Snappy.TryDecompress(block, target.GetSpan(length)[..length], out int written) || written != length)
                throw RecordCompression.Damaged(CompressionType.Snappy, "a block does not have the length that it declares");
            target.Advance(length);
        }
        catch (InvalidDataException damage)
        {
            throw RecordCompression.Damaged(CompressionType.Snappy, "a damaged block", damage);
        }
    }
}
