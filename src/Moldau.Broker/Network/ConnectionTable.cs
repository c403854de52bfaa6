using System.Net;

namespace Moldau.Broker.Network;

/// <summary>The open connections, and how many there may be: in all, and from one address. Thread-safe.</summary>
/// <param name="atStart">The limits until <see cref="Apply"/> changes them.</param>
internal sealed class ConnectionTable(NetworkOptions atStart)
{
    private readonly Lock gate = new();
    private NetworkOptions limits = atStart;
    private readonly HashSet<ClientConnection> open = [];
    private readonly Dictionary<IPAddress, int> perAddress = [];
    private ClientConnection[]? snapshot;

    public int Count
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    /// <summary>Takes other limits. Connections that are open stay so.</summary>
    public void Apply(NetworkOptions options)
    {
        lock (gate) limits = options;
    }

    /// <summary>Adds a connection; false when there are too many.</summary>
    public bool TryAdd(ClientConnection connection)
    {
        lock (gate)
        {
            if (open.Count >= limits.MaxConnections) return false;
            if (connection.RemoteAddress is { } address)
            {
                perAddress.TryGetValue(address, out int count);
                if (count >= limits.MaxConnectionsPerIpOverrides.GetValueOrDefault(address, limits.MaxConnectionsPerIp)) return false;
                perAddress[address] = count + 1;
            }

            open.Add(connection);
            snapshot = null;
            return true;
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (gate)
        {
            if (!open.Remove(connection)) return;
            snapshot = null;
            if (connection.RemoteAddress is not { } address) return;
            if (--perAddress[address] == 0) perAddress.Remove(address);
        }
    }

    /// <summary>Every open connection.</summary>
    public IReadOnlyList<ClientConnection> All()
    {
        lock (gate) return snapshot ??= [.. open];
    }
}
