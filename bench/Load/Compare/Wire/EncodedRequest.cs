using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Load.Compare.Wire;

/// <summary>A request as it travels, size and header included. Where a field stands is found by a value that stands nowhere else.</summary>
internal static class EncodedRequest
{
    /// <summary>Where the correlation id stands: behind size, key and version.</summary>
    public const int CorrelationIdAt = 8;

    public static byte[] Encode(IRequest request, short version)
    {
        using var writer = new WireWriter();
        MessageFrame.WriteRequest(writer, request, version, 0, "load");
        return writer.ToArray();
    }

    /// <summary>Where an int32 stands.</summary>
    public static int Find(byte[] frame, int mark)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, mark);
        return Find(frame, bytes);
    }

    /// <summary>Where an int64 stands.</summary>
    public static int Find(byte[] frame, long mark)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, mark);
        return Find(frame, bytes);
    }

    private static int Find(byte[] frame, ReadOnlySpan<byte> mark)
    {
        int at = frame.AsSpan().IndexOf(mark);
        Invariant.That(at > 0);
        return at;
    }
}
