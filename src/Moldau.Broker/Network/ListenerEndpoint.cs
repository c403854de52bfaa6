using System.Collections.ObjectModel;
using System.Net;
using Moldau.Broker.Handlers;

namespace Moldau.Broker.Network;

/// <summary>A listener of the node: where it binds, what it tells others, and what it serves.</summary>
/// <param name="Name">Its name in <c>listeners</c>.</param>
/// <param name="SecurityProtocol">Kafka's name: PLAINTEXT.</param>
/// <param name="Host">Where it binds; empty: everywhere.</param>
/// <param name="Port">Its port; 0 until it is bound to one that was free.</param>
/// <param name="Kind">Which API set it serves: the broker's, the controller's, or both.</param>
internal sealed record ListenerEndpoint(string Name, string SecurityProtocol, string Host, int Port, Listeners Kind);

/// <summary>What the network needs of the configuration.</summary>
internal sealed record NetworkOptions
{
    /// <summary><c>socket.request.max.bytes</c>.</summary>
    public int SocketRequestMaxBytes { get; init; } = 104857600;

    /// <summary><c>max.connections</c>.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary><c>max.connections.per.ip</c>.</summary>
    public int MaxConnectionsPerIp { get; init; } = int.MaxValue;

    /// <summary><c>max.connections.per.ip.overrides</c>.</summary>
    public IReadOnlyDictionary<IPAddress, int> MaxConnectionsPerIpOverrides { get; init; } = ReadOnlyDictionary<IPAddress, int>.Empty;

    /// <summary><c>connections.max.idle.ms</c>.</summary>
    public TimeSpan ConnectionsMaxIdle { get; init; } = TimeSpan.FromMinutes(10);
}
