using Moldau.Client.Connections;
using Moldau.Client.Waiting;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Clusters;

/// <summary>The connection to one address for one purpose, opened when it is first needed and again when it has ended. Thread-safe.</summary>
internal sealed class BrokerLink(BrokerEndpoint endpoint, ITransport transport, IScheduler scheduler, ClientOptions options)
{
    private readonly Lock gate = new();
    private readonly Backoff backoff = new(scheduler, options.ReconnectBackoff, options.ReconnectBackoffMax);
    private Task<KafkaConnection>? connection;
    private TimeSpan pause;
    private bool disposed;

    public BrokerEndpoint Endpoint => endpoint;

    /// <summary>Whether a connection is open.</summary>
    public bool IsOpen => connection is { IsCompletedSuccessfully: true } open && !open.Result.IsClosed;

    /// <summary>The open connection, or a new one. After a failure the next try waits first.</summary>
    /// <exception cref="KafkaException">It cannot be opened, or the client is closed.</exception>
    public Task<KafkaConnection> ConnectAsync(CancellationToken cancellation)
    {
        Task<KafkaConnection> opening;
        lock (gate)
        {
            if (disposed) throw Closed();
            bool isUseless = connection is null || connection.IsFaulted || connection.IsCanceled || (connection.IsCompletedSuccessfully && connection.Result.IsClosed);
            if (isUseless) connection = OpenAsync(pause);
            opening = connection!;
        }

        return opening.IsCompleted || !cancellation.CanBeCanceled ? opening : opening.OrCancelled(cancellation);
    }

    /// <summary>What whoever still asks for a connection of a closed client is told; background work ends on it.</summary>
    public static KafkaException Closed() => new(Protocol.ErrorCode.OperationNotAttempted, "the client is closed");

    public async ValueTask DisposeAsync()
    {
        Task<KafkaConnection>? last;
        lock (gate)
        {
            disposed = true;
            last = connection;
        }

        if (last is null) return;
        try
        {
            await (await last).DisposeAsync();
        }
        catch (KafkaException)
        {
            // It was not open: there is nothing to close.
        }
    }

    // Several callers wait for it, so that none of them may cancel it; the connect timeout bounds it.
    private async Task<KafkaConnection> OpenAsync(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero) await scheduler.Delay(wait);
        try
        {
            KafkaConnection opened = await KafkaConnection.OpenAsync(transport, scheduler, endpoint.Host, endpoint.Port, options);
            lock (gate)
            {
                backoff.Reset();
                pause = TimeSpan.Zero;
            }

            return opened;
        }
        catch (KafkaException)
        {
            lock (gate) pause = backoff.Next();
            throw;
        }
    }
}

/// <summary>What a connection is for: a request that the broker keeps waiting would hold up everything behind it.</summary>
internal enum LinkPurpose
{
    /// <summary>Requests that are answered at once.</summary>
    General,

    /// <summary>Produce requests, whose order and number are the producer's.</summary>
    Produce,

    /// <summary>Long polls of consumers.</summary>
    Fetch,

    /// <summary>Requests to a group's coordinator: JoinGroup waits for the other members.</summary>
    Group,
}
