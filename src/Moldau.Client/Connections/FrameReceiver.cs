using System.Buffers;
using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Connections;

/// <summary>Cuts the byte stream of a connection into frames. Owned by the connection's receive loop.</summary>
internal sealed class FrameReceiver(IConnection connection)
{
    private readonly byte[] ahead = new byte[Limits.ReceiveBufferBytes];
    private int start;
    private int end;

    /// <summary>The size of the next frame; -1 when the peer has closed the stream between two frames.</summary>
    /// <exception cref="IOException">The stream broke off, or what comes is no frame.</exception>
    public async ValueTask<int> ReceiveSizeAsync()
    {
        while (end - start < MessageFrame.SizeBytes)
        {
            if (start > 0)
            {
                ahead.AsSpan(start, end - start).CopyTo(ahead);
                (start, end) = (0, end - start);
            }

            int count = await connection.ReceiveAsync(ahead.AsMemory(end), CancellationToken.None);
            if (count == 0) return start == end ? -1 : throw new EndOfStreamException("the broker closed the connection inside a frame");
            end += count;
        }

        int size = BinaryPrimitives.ReadInt32BigEndian(ahead.AsSpan(start));
        start += MessageFrame.SizeBytes;
        if (size is < 0 or > Limits.FrameBytes) throw new WireFormatException("frame", $"a size of {size} bytes: this is no Kafka broker, or not its plain listener", 0);
        return size;
    }

    /// <summary>Fills <paramref name="frame"/>.</summary>
    public async ValueTask ReceiveAsync(Memory<byte> frame)
    {
        int held = Math.Min(end - start, frame.Length);
        ahead.AsMemory(start, held).CopyTo(frame);
        start += held;
        frame = frame[held..];
        while (!frame.IsEmpty)
        {
            int count = await connection.ReceiveAsync(frame, CancellationToken.None);
            if (count == 0) throw new EndOfStreamException("the broker closed the connection inside a frame");
            frame = frame[count..];
        }
    }

    /// <summary>A buffer for a frame: of the pool when it can go back there after decoding.</summary>
    public static byte[] Rent(int size, bool isKept) => isKept ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);

    public static void Return(byte[] buffer, bool isKept)
    {
        if (!isKept) ArrayPool<byte>.Shared.Return(buffer);
    }
}
