using System.Text;
using Moldau.Storage.Cleaning;

namespace Moldau.Storage.Tests.Cleaning;

public sealed class KeyOffsetsTests
{
    private static readonly KeyHash Hash = new(1, 2);

    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    public void Key_hash_is_siphash_of_128_bits(int bytes, string expected)
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(static i => (byte)i)];
        UInt128 found = KeyHash.From(key).Of(key.AsSpan(0, bytes));
        byte[] little = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(little, found);
        Assert.Equal(expected, Convert.ToHexStringLower(little));
    }

    [Fact]
    public void Takes_no_more_keys_than_its_memory_allows()
    {
        var map = new KeyOffsets(24 * 100, 0.5, Hash);
        for (int i = 0; i < map.CountMax; i++) Assert.True(map.TryPut(Key(i), i));
        Assert.False(map.TryPut(Key(1000), 1000));
        Assert.Equal((50, 50, 49L), (map.CountMax, map.Count, map.LatestOffset));
    }

    [Fact]
    public void Holds_a_key_or_two_in_hardly_any_memory()
    {
        var map = new KeyOffsets(1, 0.9, Hash);
        Assert.True(map.TryPut(Key(1), 5));
        Assert.Equal(5, map.Find(Key(1)));
        Assert.Equal(-1, map.Find(Key(2)));
    }

    [Fact]
    public void Finds_the_last_offset_of_each_key_as_it_grows()
    {
        var map = new KeyOffsets(24 * 100_000, 0.9, Hash);
        for (int i = 0; i < 120_000; i++) Assert.True(map.TryPut(Key(i % 60_000), i));
        for (int i = 0; i < 60_000; i++) Assert.Equal(60_000 + i, map.Find(Key(i)));
        Assert.Equal(-1, map.Find(Key(60_001)));
        map.Clear();
        Assert.Equal((0, -1L, -1L), (map.Count, map.LatestOffset, map.Find(Key(1))));
    }

    private static byte[] Key(int i) => Encoding.ASCII.GetBytes($"key-{i}");
}
