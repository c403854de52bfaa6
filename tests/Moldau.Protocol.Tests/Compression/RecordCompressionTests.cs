using CsCheck;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Tests.Batches;

namespace Moldau.Protocol.Tests.Compression;

public sealed class RecordCompressionTests
{
    private const int Bound = 1 << 20;

    private static readonly Gen<byte[]> GenContent = Gen.OneOf(
        Gen.Byte.Array[0, 100],
        Gen.Byte[0, 2].Array[0, 5000],
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Int[1, 1000], (piece, times) => Enumerable.Repeat(piece, times).SelectMany(p => p).ToArray()),
        Gen.Int[0, 200_000].Select(Noise));

    public static TheoryData<CompressionType> Compressed => [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    [Theory]
    [MemberData(nameof(Compressed))]
    public void A_bomb_stops_at_the_bound_and_takes_no_more_memory_than_that(CompressionType codec)
    {
        byte[] bomb = Compress(codec, CompressionLevels.Default(codec), new byte[64 << 20]);
        using PooledBuffer target = new();
        RecordFormatException error = Assert.Throws<RecordFormatException>(() => RecordCompression.Decompress(codec, bomb, Bound, target));
        Assert.Equal(RecordFormatError.TooLarge, error.Error);
        // gzip and zstd begin with a guess of some times the compressed size.
        Assert.InRange(target.Capacity, 0, Math.Max(4 * Bound, 8 * bomb.Length));
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Content_of_exactly_the_bound_passes_and_one_byte_more_does_not(CompressionType codec)
    {
        byte[] content = Noise(70_000);
        byte[] compressed = Compress(codec, CompressionLevels.Default(codec), content);
        Assert.Equal(content, Decompress(codec, compressed, content.Length));
        RecordFormatException error = Assert.Throws<RecordFormatException>(() => Decompress(codec, compressed, content.Length - 1));
        Assert.Equal(RecordFormatError.TooLarge, error.Error);
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Every_strict_prefix_is_refused(CompressionType codec)
    {
        byte[] compressed = Compress(codec, CompressionLevels.Default(codec), Noise(700));
        for (int length = 0; length < compressed.Length; length++)
        {
            byte[] cut = compressed[..length];
            // A xerial stream may end behind any block, and up to three bytes behind it are not looked at: here only behind the header.
            if (codec == CompressionType.Snappy && length is >= 16 and < 20) continue;
            Assert.Throws<RecordFormatException>(() => Decompress(codec, cut, Bound));
        }
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void A_changed_byte_gives_damage_or_bytes_and_never_more_than_the_bound(CompressionType codec)
    {
        byte[] content = [.. Noise(300), .. new byte[300], .. Noise(300)];
        byte[] compressed = Compress(codec, CompressionLevels.Default(codec), content);
        int refused = 0;
        using PooledBuffer target = new();
        foreach (byte[] changed in SampleBatches.OneByteChanged(compressed))
        {
            target.Clear();
            try
            {
                RecordCompression.Decompress(codec, changed, Bound, target);
                Assert.InRange(target.Length, 0, Bound);
            }
            catch (RecordFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0);
        Assert.InRange(target.Capacity, 0, 4 * Bound);
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Noise_is_refused_or_read_and_nothing_else_happens(CompressionType codec)
    {
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                try
                {
                    Assert.InRange(Decompress(codec, bytes, Bound).Length, 0, Bound);
                }
                catch (RecordFormatException)
                {
                }
            },
            iter: 3000);
    }

    [Fact]
    public void An_id_that_no_codec_has_is_damage()
    {
        foreach (int id in new[] { 5, 6, 7 })
            Assert.Equal(RecordFormatError.Compression, Assert.Throws<RecordFormatException>(() => Decompress((CompressionType)id, [1, 2, 3], Bound)).Error);
    }

    [Theory]
    [InlineData(CompressionType.Gzip, new[] { -1, 1, 6, 9 })]
    [InlineData(CompressionType.Snappy, new[] { 0 })]
    [InlineData(CompressionType.Lz4, new[] { 1, 3, 9, 12, 17 })]
    [InlineData(CompressionType.Zstd, new[] { -131072, -5, 1, 3, 12 })]
    public void Content_comes_back_at_every_level(CompressionType codec, int[] levels)
    {
        foreach (int level in levels)
            GenContent.Sample(content => Assert.Equal(content, Decompress(codec, Compress(codec, level, content), Bound)), iter: 40);
    }

    [Fact]
    public void The_highest_zstd_level_works()
    {
        byte[] content = Noise(5000);
        Assert.Equal(content, Decompress(CompressionType.Zstd, Compress(CompressionType.Zstd, 22, content), Bound));
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Output_is_appended_behind_what_the_buffer_holds(CompressionType codec)
    {
        byte[] content = Noise(1000);
        using PooledBuffer target = new();
        target.Write([1, 2, 3]);
        RecordCompression.Decompress(codec, Compress(codec, CompressionLevels.Default(codec), content), content.Length, target);
        Assert.Equal([1, 2, 3, .. content], target.Span.ToArray());
    }

    [Fact]
    public void Names_are_those_of_the_configuration()
    {
        foreach (CompressionType codec in SampleBatches.Codecs)
        {
            Assert.True(CompressionTypes.TryParse(codec.KafkaName(), out CompressionType? parsed));
            Assert.Equal(codec, parsed);
        }

        Assert.True(CompressionTypes.TryParse("producer", out CompressionType? producer));
        Assert.Null(producer);
        Assert.True(CompressionTypes.TryParse("uncompressed", out CompressionType? none));
        Assert.Equal(CompressionType.None, none);
        Assert.False(CompressionTypes.TryParse("brotli", out _));
    }

    internal static byte[] Compress(CompressionType codec, int level, byte[] content)
    {
        using PooledBuffer target = new();
        RecordCompression.Compress(codec, level, content, target);
        return target.Span.ToArray();
    }

    internal static byte[] Decompress(CompressionType codec, byte[] compressed, int bytesMax)
    {
        using PooledBuffer target = new();
        RecordCompression.Decompress(codec, compressed, bytesMax, target);
        return target.Span.ToArray();
    }

    internal static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        uint state = (uint)length;
        for (int i = 0; i < length; i++) bytes[i] = (byte)((state = (state * 1664525) + 1013904223) >> 24);
        return bytes;
    }
}
