using System.Buffers;

namespace Moldau.Commands.Records;

/// <summary>Cuts a stream into lines, as bytes: what is not text goes through unchanged. The last line need not end.</summary>
internal sealed class LineReader(Stream source, int lineBytesMax) : IDisposable
{
    private const int FirstBytes = 64 * 1024;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int start;
    private int end;
    private bool isOver;

    /// <summary>Bytes taken from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream.</summary>
    /// <exception cref="IOException">The line is longer than allowed, or the stream fails.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        int looked = 0;
        while (true)
        {
            int found = buffer.AsSpan(start + looked, end - start - looked).IndexOf((byte)'\n');
            if (found >= 0)
            {
                ReadOnlyMemory<byte> line = buffer.AsMemory(start, looked + found);
                start += looked + found + 1;
                return line;
            }

            looked = end - start;
            if (isOver)
            {
                ReadOnlyMemory<byte> rest = buffer.AsMemory(start, looked);
                start = end;
                if (looked == 0) return null;
                return rest;
            }

            await FillAsync(cancellation);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            if (end >= lineBytesMax) throw new IOException($"a line is longer than {lineBytesMax} bytes");
            byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        int count = await source.ReadAsync(buffer.AsMemory(end), cancellation);
        isOver = count == 0;
        end += count;
        BytesRead += count;
    }
}
