using System.Buffers.Binary;
using K4os.Compression.LZ4;
using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Compression;

/// <summary>
/// Reads one LZ4 frame by the rules of Kafka's reader: version 1, independent blocks, no dictionary, block checksums verified, content size
/// and content checksum not; what stands behind the end mark is ignored.
/// </summary>
internal static class Lz4FrameReader
{
    private const uint FrameMagic = 0x184d2204;

    // An LZ4 block grows by at most 255 bytes for each of its own.
    private const int RatioMax = 255;

    public static void Decompress(ReadOnlySpan<byte> source, int bytesMax, PooledBuffer target, bool verifyHeader)
    {
        int start = target.Length;
        int position = ReadHeader(source, verifyHeader, out FrameFlags flags, out int blockBytesMax);
        while (true)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(Take(source, ref position, 4));
            int length = (int)(word & ~Lz4FrameWriter.StoredBit);
            if (length == 0) break;
            if (length > blockBytesMax) throw Damaged($"a block of {length} bytes, over the frame's {blockBytesMax}");
            ReadOnlySpan<byte> block = Take(source, ref position, length);
            if (flags.HasFlag(FrameFlags.BlockChecksum))
            {
                uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(Take(source, ref position, 4));
                if (checksum != XxHash32.Compute(block)) throw Damaged("a block's checksum is wrong");
            }

            bool stored = (word & Lz4FrameWriter.StoredBit) != 0;
            Block(block, stored, blockBytesMax, bytesMax - (target.Length - start), bytesMax, target);
        }

        if (flags.HasFlag(FrameFlags.ContentChecksum)) Take(source, ref position, 4);
    }

    private static int ReadHeader(ReadOnlySpan<byte> source, bool verify, out FrameFlags flags, out int blockBytesMax)
    {
        int position = 0;
        if (BinaryPrimitives.ReadUInt32LittleEndian(Take(source, ref position, 4)) != FrameMagic) throw Damaged("no frame of version 1");
        ReadOnlySpan<byte> descriptor = Take(source, ref position, 2);
        flags = (FrameFlags)descriptor[0];
        int size = descriptor[1];
        if ((flags & FrameFlags.VersionMask) != FrameFlags.Version1) throw Damaged("the frame is not of version 1");
        if ((flags & (FrameFlags.Reserved | FrameFlags.Dictionary)) != 0) throw Damaged("a reserved flag or a dictionary");
        if (!flags.HasFlag(FrameFlags.IndependentBlocks)) throw Damaged("blocks that lean on each other");
        if ((size & 0x8f) != 0 || size >> 4 < 4) throw Damaged($"block size 0x{size:x2}");
        blockBytesMax = 1 << (8 + (2 * (size >> 4)));
        if (flags.HasFlag(FrameFlags.ContentSize)) Take(source, ref position, 8);
        byte checksum = (byte)(XxHash32.Compute(source[4..position]) >> 8);
        if (Take(source, ref position, 1)[0] != checksum && verify) throw Damaged("the frame header's checksum is wrong");
        return position;
    }

    private static void Block(ReadOnlySpan<byte> block, bool stored, int blockBytesMax, int bytesLeft, int bytesMax, PooledBuffer target)
    {
        if (stored)
        {
            if (block.Length > bytesLeft) throw RecordCompression.TooLarge(bytesMax);
            target.Write(block);
            return;
        }

        // One byte more than allowed tells a block that fits from one that is over the bound.
        long bound = Math.Min(blockBytesMax, (long)block.Length * RatioMax);
        int room = (int)Math.Min(bound, bytesLeft + 1L);
        int written = LZ4Codec.Decode(block, target.GetSpan(room)[..room]);
        if (written > bytesLeft || (written < 0 && room < bound)) throw RecordCompression.TooLarge(bytesMax);
        if (written < 0) throw Damaged("a damaged block");
        target.Advance(written);
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> source, ref int position, int count)
    {
        if (count > source.Length - position) throw Damaged("the frame is cut");
        ReadOnlySpan<byte> taken = source.Slice(position, count);
        position += count;
        return taken;
    }

    private static RecordFormatException Damaged(string reason) => RecordCompression.Damaged(CompressionType.Lz4, reason);

    [Flags]
    private enum FrameFlags
    {
        Dictionary = 0x01,
        Reserved = 0x02,
        ContentChecksum = 0x04,
        ContentSize = 0x08,
        BlockChecksum = 0x10,
        IndependentBlocks = 0x20,
        Version1 = 0x40,
        VersionMask = 0xc0,
    }
}
