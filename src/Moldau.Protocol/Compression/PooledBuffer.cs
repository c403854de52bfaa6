using System.Buffers;

namespace Moldau.Protocol.Compression;

/// <summary>
/// A growing run of bytes in an array of the shared pool. One owner, not thread-safe. What <see cref="Memory"/> and <see cref="Span"/> gave
/// is valid until the next call that grows, clears or disposes the buffer.
/// </summary>
public sealed class PooledBuffer : IDisposable
{
    private byte[] array = [];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written.</summary>
    public Memory<byte> Memory => array.AsMemory(0, Length);

    /// <summary>The bytes written.</summary>
    public Span<byte> Span => array.AsSpan(0, Length);

    /// <summary>Bytes that fit without another array.</summary>
    public int Capacity => array.Length;

    /// <summary>Room for at least <paramref name="size"/> bytes behind what is written; <see cref="Advance"/> says how many were.</summary>
    public Span<byte> GetSpan(int size)
    {
        Invariant.That(size >= 0);
        if (array.Length - Length < size) Grow(size);
        return array.AsSpan(Length);
    }

    /// <summary>Takes the next <paramref name="count"/> bytes of the last <see cref="GetSpan"/> as written.</summary>
    public void Advance(int count)
    {
        Invariant.That(count >= 0 && count <= array.Length - Length);
        Length += count;
    }

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> source)
    {
        source.CopyTo(GetSpan(source.Length));
        Length += source.Length;
    }

    /// <summary>Forgets what was written from <paramref name="length"/> on; the array stays.</summary>
    public void Truncate(int length)
    {
        Invariant.That(length >= 0 && length <= Length);
        Length = length;
    }

    /// <summary>Forgets what was written; the array stays.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gives the array back to the pool. The buffer may be used again.</summary>
    public void Dispose()
    {
        if (array.Length > 0) ArrayPool<byte>.Shared.Return(array);
        array = [];
        Length = 0;
    }


    private void Grow(int size)
    {
        long wanted = Math.Max((long)Length + size, Math.Min(array.Length * 2L, Array.MaxLength));
        Invariant.That(wanted <= Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)wanted);
        Span.CopyTo(larger);
        if (array.Length > 0) ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}
