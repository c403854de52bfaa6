using System.Buffers.Binary;
using System.IO.Compression;
using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Compression;

/// <summary>
/// Gzip around the platform's deflate. The platform's own gzip reader neither notices a missing trailer nor says where a member ended,
/// so members are framed here: header, deflate, CRC and length. Bytes behind the last member are ignored, as Java does.
/// </summary>
internal static class GzipCodec
{
    private const int TrailerBytes = 8;

    // What Java writes: no flags, no time, extra flags 0, operating system unknown.
    private static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

    // An empty final block: DeflateStream writes nothing at all when nothing was written to it.
    private static ReadOnlySpan<byte> EmptyDeflate => [0x03, 0x00];

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledBuffer target)
    {
        target.Write(Header);
        if (source.IsEmpty)
        {
            target.Write(EmptyDeflate);
        }
        else
        {
            using DeflateStream deflate = new(new PooledBufferStream(target), new ZLibCompressionOptions { CompressionLevel = level });
            deflate.Write(source);
        }

        Span<byte> trailer = target.GetSpan(TrailerBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.Compute(source));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)source.Length);
        target.Advance(TrailerBytes);
    }

    public static void Decompress(ReadOnlySpan<byte> source, int bytesMax, PooledBuffer target)
    {
        int start = target.Length;
        int position = 0;
        do
        {
            int header = GzipHeader.Length(source[position..]);
            if (header == 0)
            {
                if (position == 0) throw RecordCompression.Damaged(CompressionType.Gzip, "no gzip header");
                return;
            }

            position += header;
            position += Inflate(source[position..], bytesMax - (target.Length - start), bytesMax, target);
        }
        while (position < source.Length);
    }

    /// <summary>Unfolds one member's deflate stream and checks its trailer; returns the bytes of both.</summary>
    private static unsafe int Inflate(ReadOnlySpan<byte> source, int bytesLeft, int bytesMax, PooledBuffer target)
    {
        int start = target.Length;
        fixed (byte* pointer = source)
        {
            using PointerStream body = new(pointer, source.Length);
            using DeflateStream inflate = new(body, CompressionMode.Decompress, leaveOpen: true);
            // A first guess that most batches fit into; what is damaged costs no more than this.
            target.GetSpan((int)Math.Clamp(source.Length * 4L, 256, bytesLeft + 256L));
            try
            {
                while (true)
                {
                    Span<byte> room = target.GetSpan(1);
                    int left = bytesLeft - (target.Length - start);
                    // One byte more than allowed tells a full stream from one that goes on.
                    int read = inflate.Read(room.Length > left ? room[..Math.Min(left + 1, room.Length)] : room);
                    if (read == 0) break;
                    if (read > left) throw RecordCompression.TooLarge(bytesMax);
                    target.Advance(read);
                }
            }
            catch (InvalidDataException damage)
            {
                throw RecordCompression.Damaged(CompressionType.Gzip, "damaged deflate data", damage);
            }

            if (body.ReadPastEnd) throw RecordCompression.Damaged(CompressionType.Gzip, "the deflate data is cut");
            return TrailerEnd(source, body.LastRead, target.Span[start..]);
        }
    }

    /// <summary>
    /// The stream ended somewhere in the last chunk that was handed out, and only its trailer tells where: CRC and length of what came out.
    /// </summary>
    private static int TrailerEnd(ReadOnlySpan<byte> source, int chunkStart, ReadOnlySpan<byte> content)
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.Compute(content));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)content.Length);
        int searchEnd = Math.Min(source.Length, chunkStart + PointerStream.ChunkBytes + TrailerBytes);
        int found = source[chunkStart..searchEnd].IndexOf(trailer);
        if (found < 0) throw RecordCompression.Damaged(CompressionType.Gzip, "checksum or length of the content is wrong or missing");
        return chunkStart + found + TrailerBytes;
    }
}
