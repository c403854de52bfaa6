using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Moldau.Load.Compare.Wire;

/// <summary>
/// One non-blocking connection of a <see cref="ReplayLoop"/>, whose thread alone touches it. What it sends stands in <see cref="Output"/> already and is
/// only patched; what it receives is looked at where it lies. Nothing is allocated per request.
/// </summary>
internal abstract class ReplayConnection : IDisposable
{
    private readonly Socket socket;
    private readonly byte[] input;
    private int inputEnd;
    private int sent;

    protected ReplayConnection(IPEndPoint endPoint, byte[] output, int answerBytesMax)
    {
        Output = output;
        input = new byte[answerBytesMax];
        socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(endPoint);
        socket.Blocking = false;
        SocketNumber = (int)socket.Handle;
    }

    public int SocketNumber { get; }

    /// <summary>Whether bytes wait until the socket takes more.</summary>
    public bool IsSending => sent < OutputEnd;

    /// <summary>Whether everything was sent and answered.</summary>
    public abstract bool IsDone { get; }

    /// <summary>When the next request is due, as a timestamp of the stopwatch; <see cref="long.MaxValue"/>: answers alone decide.</summary>
    public virtual long NextDue => long.MaxValue;

    protected byte[] Output { get; }

    /// <summary>How many bytes of <see cref="Output"/> are to be sent.</summary>
    protected int OutputEnd { get; set; }

    /// <summary>Sends what may be sent now.</summary>
    public void Pump(long now)
    {
        while (true)
        {
            if (!IsSending)
            {
                (sent, OutputEnd) = (0, 0);
                Prepare(now);
                if (!IsSending) return;
            }

            int count = socket.Send(Output.AsSpan(sent, OutputEnd - sent), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock) return;
            if (error != SocketError.Success) throw new ReplayException($"a send failed: {error}");
            sent += count;
        }
    }

    /// <summary>Reads what is there, once, and gives on whole answers.</summary>
    public void Receive(long now)
    {
        int count = socket.Receive(input.AsSpan(inputEnd), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock) return;
        if (error != SocketError.Success) throw new ReplayException($"a receive failed: {error}");
        if (count == 0) throw new ReplayException("the broker closed a connection");
        inputEnd += count;
        int at = 0;
        while (inputEnd - at >= sizeof(int))
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(input.AsSpan(at));
            if (length < sizeof(int) || length > input.Length - sizeof(int)) throw new ReplayException($"an answer of {length} bytes");
            if (inputEnd - at - sizeof(int) < length) break;
            Take(input.AsSpan(at + sizeof(int), length), now);
            at += sizeof(int) + length;
        }

        if (at == 0) return;
        input.AsSpan(at, inputEnd - at).CopyTo(input);
        inputEnd -= at;
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Puts requests into <see cref="Output"/> from its beginning, if any may be sent.</summary>
    protected abstract void Prepare(long now);

    /// <summary>One answer, without its size.</summary>
    protected abstract void Take(ReadOnlySpan<byte> answer, long now);
}
