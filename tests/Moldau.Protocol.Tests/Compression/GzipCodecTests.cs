using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Tests.Compression;

public sealed class GzipCodecTests
{
    private const int Bound = 1 << 20;

    [Fact]
    public void A_missing_trailer_is_refused()
    {
        byte[] compressed = Gzip(RecordCompressionTests.Noise(500));
        for (int cut = 1; cut <= 8; cut++) Refuses(compressed[..^cut]);
    }

    [Fact]
    public void A_wrong_checksum_or_length_is_refused()
    {
        byte[] compressed = Gzip(RecordCompressionTests.Noise(500));
        for (int i = 1; i <= 8; i++)
        {
            byte[] changed = [.. compressed];
            changed[^i] ^= 1;
            Refuses(changed);
        }
    }

    [Fact]
    public void Header_flags_that_are_reserved_are_refused()
    {
        byte[] compressed = Gzip([1, 2, 3]);
        compressed[3] = 0x80;
        Refuses(compressed);
    }

    // The deflate reader takes 8192 bytes at a time: a member that ends near such a boundary must still be told from what follows.
    [Fact]
    public void Members_that_end_near_a_read_boundary_are_told_apart()
    {
        for (int length = 8130; length < 8210; length++)
        {
            byte[] first = RecordCompressionTests.Noise(length);
            byte[] second = [7, 8, 9];
            byte[] both = [.. Gzip(first), .. Gzip(second)];
            Assert.Equal([.. first, .. second], RecordCompressionTests.Decompress(CompressionType.Gzip, both, Bound));
        }
    }

    [Fact]
    public void Bytes_behind_the_last_member_are_ignored()
    {
        byte[] content = RecordCompressionTests.Noise(300);
        foreach (byte[] tail in new byte[][] { [0], [1, 2, 3, 4, 5], [0x1f, 0x8b], [0x1f, 0x8b, 8, 0, 0], new byte[9000] })
            Assert.Equal(content, RecordCompressionTests.Decompress(CompressionType.Gzip, [.. Gzip(content), .. tail], Bound));
    }

    [Fact]
    public void Optional_header_fields_are_skipped_and_their_checksum_verified()
    {
        byte[] plain = Gzip([1, 2, 3]);
        byte[] header = [.. plain[..3], 0x1e, .. plain[4..10], 2, 0, 9, 9, (byte)'n', 0, (byte)'c', 0];
        ushort crc = (ushort)Crc32.Compute(header);
        byte[] whole = [.. header, (byte)crc, (byte)(crc >> 8), .. plain[10..]];
        Assert.Equal([1, 2, 3], RecordCompressionTests.Decompress(CompressionType.Gzip, whole, Bound));
        whole[header.Length] ^= 1;
        Refuses(whole);
        for (int length = 0; length < header.Length + 2; length++) Refuses(whole[..length]);
    }

    private static byte[] Gzip(byte[] content) => RecordCompressionTests.Compress(CompressionType.Gzip, CompressionLevels.GzipDefault, content);

    private static void Refuses(byte[] compressed) => Assert.Equal(
        RecordFormatError.Compression,
        Assert.Throws<RecordFormatException>(() => RecordCompressionTests.Decompress(CompressionType.Gzip, compressed, Bound)).Error);
}
