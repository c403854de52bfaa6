namespace Moldau.Protocol.Transport;

/// <summary>
/// Pinned buffers in classes of 4 KiB to 2 MiB. Last in, first out: the buffer handed out is the one touched last, since the first touch of
/// a fresh page costs more than copying it, and a burst does not cycle through every buffer there is. Thread-safe.
/// </summary>
public sealed class BufferPool
{
    private readonly SizeClass[] classes;

    /// <summary>An empty pool.</summary>
    public BufferPool()
    {
        int count = ClassOf(TransportLimits.LargestBufferBytes) + 1;
        classes = new SizeClass[count];
        for (int i = 0; i < count; i++) classes[i] = new SizeClass(TransportLimits.SmallestBufferBytes << i);
    }

    /// <summary>Bytes that lie idle in the pool.</summary>
    public long IdleBytes
    {
        get
        {
            long sum = 0;
            foreach (SizeClass size in classes) sum += size.IdleBytes;
            return sum;
        }
    }

    /// <summary>A buffer of at least <paramref name="bytes"/>, its content undefined. Whoever holds it disposes it, once.</summary>
    public PooledBuffer Rent(int bytes)
    {
        Invariant.That(bytes >= 0);
        if (bytes > TransportLimits.LargestBufferBytes) return new PooledBuffer(null, bytes);
        SizeClass size = classes[ClassOf(bytes)];
        PooledBuffer buffer = size.Pop() ?? new PooledBuffer(this, size.BufferBytes);
        buffer.MarkRented();
        return buffer;
    }

    /// <summary>Gives to the collector what has lain idle since the last call. The owner calls it every half minute or so.</summary>
    public void Trim()
    {
        foreach (SizeClass size in classes) size.Trim();
    }

    internal void Return(PooledBuffer buffer) => classes[ClassOf(buffer.Capacity)].Push(buffer);

    private static int ClassOf(int bytes)
    {
        int rounded = Math.Max(bytes, TransportLimits.SmallestBufferBytes);
        return 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)(rounded - 1) / TransportLimits.SmallestBufferBytes);
    }

    private sealed class SizeClass(int bufferBytes)
    {
        private readonly Lock gate = new();
        private readonly PooledBuffer?[] idle = new PooledBuffer?[Math.Max(1, TransportLimits.IdleBytesPerClass / bufferBytes)];
        private int count;
        private int leastSinceTrim;

        public int BufferBytes { get; } = bufferBytes;

        public long IdleBytes => (long)Volatile.Read(ref count) * BufferBytes;

        public PooledBuffer? Pop()
        {
            lock (gate)
            {
                if (count == 0) return null;
                PooledBuffer? buffer = idle[--count];
                idle[count] = null;
                leastSinceTrim = Math.Min(leastSinceTrim, count);
                return buffer;
            }
        }

        public void Push(PooledBuffer buffer)
        {
            lock (gate)
            {
                if (count < idle.Length) idle[count++] = buffer;
            }
        }

        public void Trim()
        {
            lock (gate)
            {
                // The bottom of the stack was never reached since the last call: that many are not needed.
                int unused = Math.Min(leastSinceTrim, count);
                if (unused > 0)
                {
                    Array.Copy(idle, unused, idle, 0, count - unused);
                    Array.Clear(idle, count - unused, unused);
                    count -= unused;
                }

                leastSinceTrim = count;
            }
        }
    }
}
