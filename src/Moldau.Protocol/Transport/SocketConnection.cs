using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Transport;

/// <summary>A TCP connection. Receives and sends allocate nothing in steady state; what a send does with its segments is <see cref="SocketSend"/>'s.</summary>
internal sealed class SocketConnection : IConnection
{
    private readonly Socket socket;
    private readonly SocketSend send;
    private int closed;

    public SocketConnection(Socket socket, BufferPool buffers)
    {
        this.socket = socket;
        send = new SocketSend(socket, buffers);
        Remote = socket.RemoteEndPoint!;
        Local = socket.LocalEndPoint!;
    }

    public EndPoint Remote { get; }

    public EndPoint Local { get; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitReadableAsync(CancellationToken cancellation)
    {
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Broken(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellation)
    {
        try
        {
            return await socket.ReceiveAsync(target, SocketFlags.None, cancellation);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Broken(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(IReadOnlyList<WireSegment> segments, CancellationToken cancellation)
    {
        try
        {
            await send.SendAsync(segments, cancellation);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Broken(e);
        }
    }

    public void Abort() => Close();

    public ValueTask DisposeAsync()
    {
        // A last answer may still lie in the system's send buffer: announce the end, and let the system deliver before it closes.
        if (Volatile.Read(ref closed) == 0)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The peer was faster.
            }
        }

        Close();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0) return;
        socket.Dispose();
        send.Dispose();
    }

    private static IOException Broken(Exception cause) => new($"connection lost: {cause.Message}", cause);
}
