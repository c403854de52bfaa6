using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Protocol.Transport;

namespace Moldau.Client;

/// <summary>
/// A client of one cluster: it shares connections and metadata among its producers, consumers and admin calls. Connects when first used. Thread-safe.
/// </summary>
public sealed class KafkaClient : IAsyncDisposable
{
    private readonly Cluster cluster;

    /// <summary>A client on a given network and scheduler, as in the simulated world.</summary>
    public KafkaClient(ClientOptions options, ITransport transport, IScheduler scheduler)
    {
        cluster = new Cluster(options, transport, scheduler);
        Admin = new AdminClient(cluster);
    }

    /// <summary>Administration of the cluster.</summary>
    public AdminClient Admin { get; }

    /// <summary>What the client knows of the cluster at this moment, without asking.</summary>
    public ClusterSnapshot Snapshot => cluster.Snapshot;

    internal Cluster Cluster => cluster;

    /// <summary>A client on sockets and the thread pool.</summary>
    /// <param name="options">What to connect to.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public static KafkaClient Create(ClientOptions options, TimeProvider? time = null)
    {
#pragma warning disable RS0030 // For programs that do not compose their own scheduler, this is the composition root.
        time ??= TimeProvider.System;
#pragma warning restore RS0030
        // An exception that escapes a loop is a bug: it also fails the loop's task, and so whoever waits for it.
        return new KafkaClient(options, new SocketTransport(), new ThreadPoolScheduler(time, static (name, e) => Environment.FailFast($"{name}: {e.Message}", e)));
    }

    /// <summary>A client on sockets, for brokers given as <c>host:port,host:port</c>.</summary>
    public static KafkaClient Create(string bootstrapServers) => Create(ClientOptions.For(bootstrapServers));

    /// <summary>Connects to any broker now, without retries. Not needed before other calls: for programs that want to know at once whether somebody is there.</summary>
    /// <exception cref="KafkaException">Nobody answers.</exception>
    public Task ConnectAsync(CancellationToken cancellation = default) => cluster.AnyAsync(cancellation);

    /// <summary>Closes all connections. Close producers and consumers first.</summary>
    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
