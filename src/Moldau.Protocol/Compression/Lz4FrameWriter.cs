using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Moldau.Protocol.Compression;

/// <summary>Writes LZ4 frames as Kafka's clients do: independent blocks of 64 KB, no checksums, no content size.</summary>
internal static class Lz4FrameWriter
{
    internal const int BlockBytes = 64 * 1024;

    // Set in a block's length when the block is stored as it is.
    internal const uint StoredBit = 0x8000_0000;

    // Magic, flags 0x60 (version 1, independent blocks), block size id 4, and the checksum of those two.
    private static ReadOnlySpan<byte> Header => [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledBuffer target)
    {
        target.Write(Header);
        LZ4Level effort = Effort(level);
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(source.Length, BlockBytes)];
            source = source[block.Length..];
            Span<byte> room = target.GetSpan(4 + LZ4Codec.MaximumOutputSize(BlockBytes));
            int length = LZ4Codec.Encode(block, room[4..], effort);
            if (length <= 0 || length >= block.Length)
            {
                block.CopyTo(room[4..]);
                BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)block.Length | StoredBit);
                target.Advance(4 + block.Length);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(room, length);
                target.Advance(4 + length);
            }
        }

        target.GetSpan(4)[..4].Clear();
        target.Advance(4);
    }

    // Kafka's level 9 is its default and means the fast compressor; lz4-java's high compressor knows 1-17, this library's 3-12.
    private static LZ4Level Effort(int level) =>
        level == CompressionLevels.Lz4Default ? LZ4Level.L00_FAST : (LZ4Level)Math.Clamp(level, (int)LZ4Level.L03_HC, (int)LZ4Level.L12_MAX);
}
