using Moldau.Protocol.Transport;

namespace Moldau.Simulated.Network;

/// <summary>The network as one process sees it.</summary>
internal sealed class SimulatedTransport(SimulatedProcess owner) : ITransport
{
    public ValueTask<IConnection> ConnectAsync(string host, int port, CancellationToken cancellation) =>
        owner.World.Network.ConnectAsync(owner, host, port, cancellation);

    public IListener Listen(string host, int port) => owner.World.Network.Listen(owner, host, port);
}
