using System.Buffers.Binary;
using Moldau.Client.Connections;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Clusters;

/// <summary>The connections of a client. Thread-safe.</summary>
internal sealed class BrokerLinks(ITransport transport, IScheduler scheduler, ClientOptions options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(int Broker, LinkPurpose Purpose, int Owner), BrokerLink> links = [];
    private readonly BrokerLink[] bootstrap =
        [.. options.BootstrapServers.Select(HostAndPort.Parse).Select((at, index) => new BrokerLink(new BrokerEndpoint(-1 - index, at.Host, at.Port), transport, scheduler, options))];
    private bool disposed;

    /// <summary>A connection to a broker.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="owner">Whose it is, where several producers or consumers of the client need their own; 0: shared.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">It cannot be opened.</exception>
    public Task<KafkaConnection> ConnectAsync(BrokerEndpoint broker, LinkPurpose purpose, int owner, CancellationToken cancellation) =>
        LinkTo(broker, purpose, owner).ConnectAsync(cancellation);

    /// <summary>A connection to any broker: an open one if there is, else the known brokers from a random one on, else the bootstrap addresses.</summary>
    /// <exception cref="KafkaException">None answers; the last one's failure.</exception>
    public async Task<KafkaConnection> ConnectAnyAsync(ClusterSnapshot known, CancellationToken cancellation)
    {
        List<BrokerLink> candidates = [.. known.Brokers.Select(broker => LinkTo(broker, LinkPurpose.General, 0)), .. bootstrap];
        if (candidates.Find(link => link.IsOpen) is { } open) return await open.ConnectAsync(cancellation);
        int first = known.Brokers.Count > 0 ? Random(known.Brokers.Count) : 0;
        for (int i = 0; ; i++)
        {
            // Only the known brokers are rotated: the bootstrap addresses are the last resort.
            int at = i < known.Brokers.Count ? (first + i) % known.Brokers.Count : i;
            try
            {
                return await candidates[at].ConnectAsync(cancellation);
            }
            catch (KafkaException) when (i + 1 < candidates.Count)
            {
                // The next one may answer.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<BrokerLink> all;
        lock (gate)
        {
            disposed = true;
            all = [.. links.Values, .. bootstrap];
            links.Clear();
        }

        foreach (BrokerLink link in all) await link.DisposeAsync();
    }

    /// <summary>Closes the connections of one owner.</summary>
    public async ValueTask CloseAsync(int owner)
    {
        List<BrokerLink> owned = [];
        lock (gate)
        {
            foreach ((int Broker, LinkPurpose Purpose, int Owner) key in links.Keys.Where(key => key.Owner == owner).ToArray())
            {
                owned.Add(links[key]);
                links.Remove(key);
            }
        }

        foreach (BrokerLink link in owned) await link.DisposeAsync();
    }

    private BrokerLink LinkTo(BrokerEndpoint broker, LinkPurpose purpose, int owner)
    {
        lock (gate)
        {
            if (disposed) throw BrokerLink.Closed();
            (int, LinkPurpose, int) key = (broker.Id, purpose, owner);
            if (links.TryGetValue(key, out BrokerLink? link) && link.Endpoint.Host == broker.Host && link.Endpoint.Port == broker.Port) return link;
            // The broker has moved: its old connection ends by itself when the old address does.
            link = new BrokerLink(broker, transport, scheduler, options);
            links[key] = link;
            return link;
        }
    }

    private int Random(int below)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        scheduler.FillRandom(bytes);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes) % (uint)below);
    }
}
