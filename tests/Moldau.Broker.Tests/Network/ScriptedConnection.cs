using System.Net;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Tests.Network;

/// <summary>A connection that gives the same bytes so many times, each time in one receive if there is room, and counts what is sent. Everything completes at once.</summary>
internal sealed class ScriptedConnection(byte[] bytes, int times, int warmUp = 0) : IConnection
{
    private int given, offset;
    private long allocatedBefore;

    public int Sends { get; private set; }

    public long SentBytes { get; private set; }

    /// <summary>Memory that the receiver's thread has taken since the warm-up.</summary>
    public long AllocatedBytes { get; private set; }

    public EndPoint Remote { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public EndPoint Local { get; } = new IPEndPoint(IPAddress.Loopback, 2);

    public ValueTask WaitReadableAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (given == warmUp && offset == 0) allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        if (given == times)
        {
            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            return ValueTask.FromResult(0);
        }

        int count = Math.Min(target.Length, bytes.Length - offset);
        bytes.AsSpan(offset, count).CopyTo(target.Span);
        offset += count;
        if (offset == bytes.Length)
        {
            offset = 0;
            given++;
        }

        return ValueTask.FromResult(count);
    }

    public ValueTask SendAsync(IReadOnlyList<WireSegment> segments, CancellationToken cancellation)
    {
        Sends++;
        for (int i = 0; i < segments.Count; i++) SentBytes += segments[i].Length;
        return ValueTask.CompletedTask;
    }

    public void Abort()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
