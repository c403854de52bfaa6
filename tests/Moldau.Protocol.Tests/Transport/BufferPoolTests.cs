using Moldau.Protocol.Transport;

namespace Moldau.Protocol.Tests.Transport;

public sealed class BufferPoolTests
{
    private readonly BufferPool pool = new();

    [Fact]
    public void A_buffer_given_back_twice_breaks_an_invariant()
    {
        PooledBuffer buffer = pool.Rent(100);
        buffer.Dispose();
        Assert.Throws<InvariantViolationException>(buffer.Dispose);
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(100_000, 131_072)]
    [InlineData(2 * 1024 * 1024, 2 * 1024 * 1024)]
    [InlineData(2 * 1024 * 1024 + 1, 2 * 1024 * 1024 + 1)]
    public void A_buffer_is_of_the_smallest_class_that_holds_what_is_asked(int asked, int expected) => Assert.Equal(expected, pool.Rent(asked).Capacity);

    [Fact]
    public void The_buffer_touched_last_comes_first()
    {
        PooledBuffer first = pool.Rent(10), second = pool.Rent(10);
        first.Dispose();
        second.Dispose();
        Assert.Same(second, pool.Rent(10));
        Assert.Same(first, pool.Rent(10));
    }

    [Fact]
    public void A_class_keeps_so_many_bytes_and_no_more()
    {
        PooledBuffer[] rented = [.. Enumerable.Range(0, 12).Select(_ => pool.Rent(TransportLimits.LargestBufferBytes))];
        foreach (PooledBuffer buffer in rented) buffer.Dispose();
        Assert.Equal(TransportLimits.IdleBytesPerClass, pool.IdleBytes);
    }

    [Fact]
    public void A_buffer_larger_than_every_class_is_not_kept()
    {
        pool.Rent(TransportLimits.LargestBufferBytes + 1).Dispose();
        Assert.Equal(0, pool.IdleBytes);
    }

    [Fact]
    public void Trimming_drops_what_lay_idle_since_the_last_time_and_keeps_what_was_used()
    {
        PooledBuffer[] burst = [.. Enumerable.Range(0, 8).Select(_ => pool.Rent(4096))];
        foreach (PooledBuffer buffer in burst) buffer.Dispose();
        pool.Trim();
        for (int i = 0; i < 5; i++)
        {
            PooledBuffer one = pool.Rent(4096), two = pool.Rent(4096);
            one.Dispose();
            two.Dispose();
        }

        pool.Trim();
        Assert.Equal(2 * 4096, pool.IdleBytes);
        pool.Trim();
        Assert.Equal(0, pool.IdleBytes);
    }
}
