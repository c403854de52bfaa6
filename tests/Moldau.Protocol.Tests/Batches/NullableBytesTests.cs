using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Tests.Batches;

public sealed class NullableBytesTests
{
    [Fact]
    public void Null_and_nothing_are_not_the_same()
    {
        NullableBytes none = (byte[]?)null;
        NullableBytes empty = Array.Empty<byte>();
        Assert.False(none.HasValue);
        Assert.True(empty.HasValue);
        Assert.False(none == empty);
        Assert.Null(none.ToArray());
        Assert.Empty(empty.ToArray()!);
    }

    [Fact]
    public void Bytes_compare_by_content()
    {
        NullableBytes left = new byte[] { 1, 2 };
        NullableBytes right = new byte[] { 0, 1, 2 }.AsMemory(1);
        Assert.True(left == right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.True(left != new byte[] { 1, 3 });
    }
}
