using System.Net;

namespace Moldau.Protocol.Transport;

/// <summary>The network, as a node or client sees it. Injected: sockets in production, the simulated network in tests (design, D3).</summary>
public interface ITransport
{
    /// <summary>Opens a connection. <see cref="IOException"/> when nobody answers.</summary>
    ValueTask<IConnection> ConnectAsync(string host, int port, CancellationToken cancellation);

    /// <summary>Binds and listens; port 0 picks a free one. <see cref="IOException"/> when the address is taken or not local.</summary>
    IListener Listen(string host, int port);
}

/// <summary>A bound address that accepts connections until it is disposed.</summary>
public interface IListener : IDisposable
{
    /// <summary>Where it listens, with the port that was picked.</summary>
    IPEndPoint Local { get; }

    /// <summary>The next connection; null once the listener is disposed.</summary>
    ValueTask<IConnection?> AcceptAsync(CancellationToken cancellation);
}

/// <summary>
/// An ordered byte stream both ways. One receive and one send may be under way at a time, each from its own loop.
/// Every failure of the network is an <see cref="IOException"/>; after one, or after <see cref="Abort"/>, the connection is done.
/// </summary>
public interface IConnection : IAsyncDisposable
{
    /// <summary>The other side.</summary>
    EndPoint Remote { get; }

    /// <summary>This side.</summary>
    EndPoint Local { get; }

    /// <summary>Completes when there is something to receive (or the stream has ended), so that an idle connection holds no buffer.</summary>
    ValueTask WaitReadableAsync(CancellationToken cancellation);

    /// <summary>Receives at least one byte; 0 when the peer has closed its side.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellation);

    /// <summary>Sends every segment in order, coalesced; file regions by sendfile where the system has it. The segments are the caller's again afterwards; regions are not released.</summary>
    ValueTask SendAsync(IReadOnlyList<WireSegment> segments, CancellationToken cancellation);

    /// <summary>Cuts the connection at once; pending calls fail.</summary>
    void Abort();
}
