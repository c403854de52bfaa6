namespace Moldau.Protocol.Transport;

/// <summary>A pinned buffer with one owner, who disposes it once; disposing twice is a bug and breaks an invariant.</summary>
public sealed class PooledBuffer : IDisposable
{
    private readonly BufferPool? pool;
    private int rented = 1;

    internal PooledBuffer(BufferPool? pool, int bytes)
    {
        this.pool = pool;
        Array = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
    }

    /// <summary>The bytes.</summary>
    public byte[] Array { get; }

    /// <summary>Bytes, at least what was asked for.</summary>
    public int Capacity => Array.Length;

    /// <summary>The bytes as memory.</summary>
    public Memory<byte> Memory => Array;

    /// <summary>The bytes as span.</summary>
    public Span<byte> Span => Array;

    /// <summary>Gives the buffer back. Nothing may refer to its bytes any more.</summary>
    public void Dispose()
    {
        Invariant.That(Interlocked.Exchange(ref rented, 0) == 1);
        pool?.Return(this);
    }

    internal void MarkRented() => Volatile.Write(ref rented, 1);
}
