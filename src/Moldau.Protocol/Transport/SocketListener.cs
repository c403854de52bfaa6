using System.Net;
using System.Net.Sockets;

namespace Moldau.Protocol.Transport;

/// <summary>A listening socket.</summary>
internal sealed class SocketListener(Socket socket, BufferPool buffers) : IListener
{
    private volatile bool disposed;

    public IPEndPoint Local { get; } = (IPEndPoint)socket.LocalEndPoint!;

    public async ValueTask<IConnection?> AcceptAsync(CancellationToken cancellation)
    {
        try
        {
            Socket accepted = await socket.AcceptAsync(cancellation);
            try
            {
                accepted.NoDelay = true;
                return new SocketConnection(accepted, buffers);
            }
            catch
            {
                accepted.Dispose();
                throw;
            }
        }
        catch (Exception e) when (disposed && e is SocketException or ObjectDisposedException)
        {
            return null;
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot accept on {Local}: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        disposed = true;
        socket.Dispose();
    }
}
