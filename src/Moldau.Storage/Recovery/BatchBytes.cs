using System.Buffers;
using Moldau.Protocol;

namespace Moldau.Storage.Recovery;

/// <summary>A whole batch read from a log file into a pooled buffer.</summary>
internal readonly struct BatchBytes : IDisposable
{
    private readonly byte[] buffer;
    private readonly int length;

    private BatchBytes(byte[] buffer, int length)
    {
        this.buffer = buffer;
        this.length = length;
    }

    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Reads it. The size is known to lie within the file.</summary>
    public static BatchBytes Read(IRegionFile file, int position, int size)
    {
        Invariant.That(size <= Limits.BatchBytesMax);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        int read = 0;
        while (read < size)
        {
            int count = file.Read(position + read, buffer.AsSpan(read, size - read));
            if (count == 0) throw new EndOfStreamException($"the log file ends {size - read} bytes before the end of a batch");
            read += count;
        }

        return new BatchBytes(buffer, size);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
