using System.Net;
using System.Net.Sockets;

namespace Moldau.Protocol.Transport;

/// <summary>
/// TCP by raw sockets (design, D5). The process sets <see cref="InlineCompletionsVariable"/> before its first socket, so that receive and send
/// continue on the socket thread itself; code that runs there must not block.
/// </summary>
public sealed class SocketTransport : ITransport
{
    /// <summary>The runtime's switch for completions on the socket thread; set to "1" by the executable's entry point, since it is process-wide.</summary>
    public const string InlineCompletionsVariable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly BufferPool buffers;

    /// <summary>A transport that takes the buffers of its sends from a pool of its owner, or from its own.</summary>
    public SocketTransport(BufferPool? buffers = null) => this.buffers = buffers ?? new BufferPool();

    /// <inheritdoc/>
    public async ValueTask<IConnection> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            return new SocketConnection(socket, buffers);
        }
        catch (Exception e)
        {
            socket.Dispose();
            // Metadata of a broker that is none may name ports and hosts that cannot be.
            if (e is SocketException or ArgumentException) throw new IOException($"cannot connect to {host}:{port}: {e.Message}", e);
            throw;
        }
    }

    /// <inheritdoc/>
    public IListener Listen(string host, int port)
    {
        try
        {
            return new SocketListener(Bind(host, port), buffers);
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot listen on {host}:{port}: {e.Message}", e);
        }
    }

    // SO_REUSEADDR: the runtime sets it for every bound TCP socket on Unix, so a restart does not wait for old connections to fade. Asking for
    // it by name would set SO_REUSEPORT instead, and two nodes could share the port without noticing.
    private static Socket Bind(string host, int port)
    {
        if (host.Length > 0) return Bind(new IPEndPoint(Resolve(host), port));
        try
        {
            return Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            return Bind(new IPEndPoint(IPAddress.Any, port));
        }
    }

    private static Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(address);
            socket.Listen(TransportLimits.Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPAddress Resolve(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? address)) return address;
        IPAddress[] found = Dns.GetHostAddresses(host);
        return Array.Find(found, candidate => candidate.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
    }
}
