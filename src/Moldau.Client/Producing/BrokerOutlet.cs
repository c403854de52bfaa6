using Moldau.Client.Clusters;
using Moldau.Client.Connections;
using Moldau.Client.Waiting;

namespace Moldau.Client.Producing;

/// <summary>The producer's own connection to one broker, and how many requests are on it. Used by the sender's loop alone, but for <see cref="Answered"/>.</summary>
internal sealed class BrokerOutlet(BrokerEndpoint broker, Cluster cluster, int owner, Signal work)
{
    private readonly Errand connecting = new(cluster.Scheduler, work);
    private KafkaConnection? connection;
    private bool hasFailed;
    private int inFlight;

    public BrokerEndpoint Broker => broker;

    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>The open connection; null while it is being opened, which begins here. Whoever waits is woken when that has ended.</summary>
    /// <param name="failed">Whether the last try failed.</param>
    public KafkaConnection? TryConnect(out bool failed)
    {
        failed = false;
        if (connecting.IsRunning) return null;
        if (connection is { IsClosed: false }) return connection;
        failed = hasFailed;
        hasFailed = false;
        connecting.Start("producer connection", ConnectAsync);
        return null;
    }

    public void Sent() => Interlocked.Increment(ref inFlight);

    public void Answered() => Interlocked.Decrement(ref inFlight);

    private async Task ConnectAsync()
    {
        try
        {
            connection = await cluster.Links.ConnectAsync(broker, LinkPurpose.Produce, owner, CancellationToken.None);
        }
        catch (KafkaException)
        {
            hasFailed = true;
        }
    }
}
