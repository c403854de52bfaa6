using Moldau.Protocol.Batches;
using ZstdSharp;

namespace Moldau.Protocol.Compression;

/// <summary>
/// Zstandard. Frames are unfolded in one call straight into the target, so that a frame's window costs no memory of its own, whatever it
/// declares. Several frames and skippable frames may follow each other; anything else behind them is damage.
/// </summary>
internal static class ZstdCodec
{
    // Contexts of higher levels hold tens of megabytes: not kept.
    private const int CachedLevelMax = 9;

    // The first guess at what comes out: more than most batches need, little beside the batch itself.
    private const int GuessedRatio = 8;
    private const int GuessMin = 64 * 1024;

    private static readonly ContextCache<Compressor> Compressors = new(() => new Compressor());
    private static readonly ContextCache<Decompressor> Decompressors = new(() => new Decompressor());

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledBuffer target)
    {
        Compressor context = Compressors.Rent();
        context.Level = level;
        int room = Compressor.GetCompressBound(source.Length);
        target.Advance(context.Wrap(source, target.GetSpan(room)));
        if (level <= CachedLevelMax) Compressors.Return(context);
        else context.Dispose();
    }

    public static void Decompress(ReadOnlySpan<byte> source, int bytesMax, PooledBuffer target)
    {
        if (source.IsEmpty) throw RecordCompression.Damaged(CompressionType.Zstd, "no frame");
        Decompressor context = Decompressors.Rent();
        try
        {
            Unfold(context, source, bytesMax, target);
        }
        catch (ZstdException damage)
        {
            context.Dispose();
            throw RecordCompression.Damaged(CompressionType.Zstd, damage.Message, damage);
        }

        Decompressors.Return(context);
    }

    private static void Unfold(Decompressor context, ReadOnlySpan<byte> source, int bytesMax, PooledBuffer target)
    {
        // The bound follows from the block headers; a few bytes can claim 128 KiB each, so it is not taken as the size.
        ulong bound = Decompressor.GetDecompressedSize(source);
        int roomMax = (int)Math.Min(bound, (ulong)bytesMax);
        long room = Math.Min(roomMax, Math.Max(GuessMin, source.Length * (long)GuessedRatio));
        while (true)
        {
            if (context.TryUnwrap(source, target.GetSpan((int)room)[..(int)room], out int written))
            {
                target.Advance(written);
                return;
            }

            if (room == roomMax)
            {
                throw bound > (ulong)bytesMax
                    ? RecordCompression.TooLarge(bytesMax)
                    : RecordCompression.Damaged(CompressionType.Zstd, "more content than the blocks declare");
            }

            room = Math.Min(roomMax, room * 2);
        }
    }
}
