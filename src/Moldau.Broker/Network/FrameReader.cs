using System.Buffers.Binary;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Network;

/// <summary>
/// Cuts a connection's bytes into frames: four bytes of size, then that many. Holds a buffer only while there are bytes in it, fits the buffer to the frames
/// that this connection sends, and takes memory for a large frame as its bytes arrive, not when its size is announced. Used by the read loop alone.
/// </summary>
internal sealed class FrameReader(IConnection connection, BufferPool buffers) : IDisposable
{
    private PooledBuffer? buffer;
    private int start, end;
    private int fit = Limits.ReceiveBufferBytes;
    private int framesInWindow, largestInWindow;

    /// <summary>Whether nothing is left of what was received.</summary>
    public bool IsEmpty => start == end;

    /// <summary>
    /// The next whole frame, without its size; valid until <see cref="FillAsync"/> or <see cref="ReleaseIfEmpty"/>.
    /// </summary>
    /// <exception cref="InvalidFrameException">The size is negative or beyond <paramref name="maxBytes"/>.</exception>
    public bool TryTake(int maxBytes, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!TryReadSize(out int size)) return false;
        if (size < 0 || size > maxBytes) throw new InvalidFrameException(size, maxBytes);
        if (end - start - sizeof(int) < size) return false;
        frame = buffer!.Memory.Slice(start + sizeof(int), size);
        start += sizeof(int) + size;
        Fit(sizeof(int) + size);
        return true;
    }

    /// <summary>Receives more; false when the peer has closed its side. Frames taken before are gone.</summary>
    public async ValueTask<bool> FillAsync()
    {
        if (IsEmpty)
        {
            Release();
            await connection.WaitReadableAsync(CancellationToken.None);
            buffer = buffers.Rent(fit);
        }
        else
        {
            MakeRoom();
        }

        int count = await connection.ReceiveAsync(buffer!.Memory[end..], CancellationToken.None);
        end += count;
        return count > 0;
    }

    /// <summary>Gives the buffer back when nothing is left in it: called before a wait.</summary>
    public void ReleaseIfEmpty()
    {
        if (IsEmpty) Release();
    }

    public void Dispose() => Release();

    private bool TryReadSize(out int size)
    {
        size = 0;
        if (end - start < sizeof(int)) return false;
        size = BinaryPrimitives.ReadInt32BigEndian(buffer!.Span[start..]);
        return true;
    }

    private void MakeRoom()
    {
        int held = end - start;
        long needed = TryReadSize(out int size) ? sizeof(int) + (long)size : sizeof(int);
        if (needed > buffer!.Capacity)
        {
            // Beyond the pool's largest class the buffer doubles as bytes arrive, so that an announced size alone takes no memory.
            if (needed > TransportLimits.LargestBufferBytes) needed = Math.Min(needed, Math.Max(TransportLimits.LargestBufferBytes, 2L * held));
            if (needed > buffer.Capacity)
            {
                Move(buffers.Rent((int)needed), held);
                return;
            }
        }

        if (buffer.Capacity - start < needed || end == buffer.Capacity) MoveDown(held);
    }

    private void Move(PooledBuffer larger, int held)
    {
        buffer!.Span[start..end].CopyTo(larger.Span);
        buffer.Dispose();
        buffer = larger;
        (start, end) = (0, held);
    }

    private void MoveDown(int held)
    {
        buffer!.Span[start..end].CopyTo(buffer.Span);
        (start, end) = (0, held);
    }

    // The next buffer holds the largest frame of the last window, so that large produce requests are received in place.
    private void Fit(int bytes)
    {
        largestInWindow = Math.Max(largestInWindow, bytes);
        if (bytes > fit) fit = Math.Min(bytes, TransportLimits.LargestBufferBytes);
        if (++framesInWindow < Limits.FramesPerFit) return;
        fit = Math.Clamp(largestInWindow, Limits.ReceiveBufferBytes, TransportLimits.LargestBufferBytes);
        framesInWindow = largestInWindow = 0;
    }

    private void Release()
    {
        buffer?.Dispose();
        buffer = null;
        start = end = 0;
    }
}

/// <summary>A frame size that is negative or too large: the connection cannot go on.</summary>
internal sealed class InvalidFrameException(int size, int maxBytes)
    : IOException(size < 0 ? $"negative frame size {size}" : $"frame of {size} bytes, {maxBytes} allowed");
