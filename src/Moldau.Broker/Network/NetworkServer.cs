using System.Net;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Network;

/// <summary>
/// The node's listeners and their connections: one accept loop per listener, one read loop per connection, one housekeeping loop for idle connections and
/// idle buffers. Started once, stopped once.
/// </summary>
internal sealed class NetworkServer(ServerParts parts, ITransport transport)
{
    private readonly ConnectionTable connections = new(parts.Options);
    private readonly List<IListener> listeners = [];
    private readonly List<Task> loops = [];
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Connections that are open.</summary>
    public int ConnectionCount => connections.Count;

    /// <summary>Takes other limits of connections while it serves.</summary>
    public void Apply(NetworkOptions options) => connections.Apply(options);

    /// <summary>Binds a listener; connections wait in its backlog until <see cref="Start"/>. Returns it with the port it has.</summary>
    /// <exception cref="IOException">The address is taken or not local.</exception>
    public ListenerEndpoint Bind(ListenerEndpoint listener)
    {
        IListener bound = transport.Listen(listener.Host, listener.Port);
        listeners.Add(bound);
        return listener with { Port = bound.Local.Port };
    }

    /// <summary>Begins to serve: the listeners in the order in which they were bound.</summary>
    public void Start(IReadOnlyList<ListenerEndpoint> endpoints)
    {
        Invariant.That(endpoints.Count == listeners.Count && loops.Count == 0);
        for (int i = 0; i < endpoints.Count; i++)
        {
            IListener listener = listeners[i];
            ListenerEndpoint endpoint = endpoints[i];
            loops.Add(parts.Scheduler.Start($"accept {endpoint.Name}", () => AcceptAsync(listener, endpoint)));
        }

        loops.Add(parts.Scheduler.Start("connections housekeeping", KeepHouseAsync));
    }

    /// <summary>Stops accepting, lets requests under way be answered for a while, then cuts what is left.</summary>
    public async Task StopAsync()
    {
        StopAccepting();
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var timeout = new CancellationTokenSource())
        {
            // Not Task.WhenAny nor Task.WhenAll: what follows them would leave the scheduler.
            _ = DrainAsync([.. connections.All().Select(connection => connection.DrainAsync())], drained);
            _ = EndLaterAsync(drained, timeout.Token);
            await drained.Task;
            timeout.Cancel();
        }

        foreach (ClientConnection connection in connections.All()) connection.Close();
        foreach (Task loop in loops) await loop;
    }

    /// <summary>Stops accepting and cuts every connection: what a node that fails does.</summary>
    public void Abort()
    {
        StopAccepting();
        foreach (ClientConnection connection in connections.All()) connection.Close();
    }

    private static async Task DrainAsync(Task[] connections, TaskCompletionSource drained)
    {
        foreach (Task connection in connections) await connection;
        drained.TrySetResult();
    }

    private async Task EndLaterAsync(TaskCompletionSource drained, CancellationToken cancellation)
    {
        try
        {
            await parts.Scheduler.Delay(Limits.DrainTime, cancellation);
            drained.TrySetResult();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void StopAccepting()
    {
        stopping.Cancel();
        foreach (IListener listener in listeners) listener.Dispose();
    }

    private async Task AcceptAsync(IListener listener, ListenerEndpoint endpoint)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await listener.AcceptAsync(CancellationToken.None) is not { } accepted) return;
                Admit(accepted, endpoint);
            }
            catch (IOException e)
            {
                parts.Logger.AcceptFailed(endpoint.Name, e.Message);
                await PauseAsync(Limits.AcceptRetry);
            }
        }
    }

    private void Admit(IConnection accepted, ListenerEndpoint endpoint)
    {
        var connection = new ClientConnection(accepted, endpoint, parts);
        if (!connections.TryAdd(connection))
        {
            parts.Logger.ConnectionRefused(accepted.Remote);
            accepted.Abort();
            return;
        }

        _ = parts.Scheduler.Start("connection", () => ServeAsync(connection));
    }

    private async Task ServeAsync(ClientConnection connection)
    {
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            connections.Remove(connection);
        }
    }

    private async Task KeepHouseAsync()
    {
        // Below zero: a connection may be idle for ever.
        TimeSpan maxIdle = parts.Options.ConnectionsMaxIdle < TimeSpan.Zero ? TimeSpan.MaxValue : parts.Options.ConnectionsMaxIdle;
        TimeSpan interval = TimeSpan.FromTicks(Math.Clamp(maxIdle.Ticks / 2, Limits.ShortestHousekeeping.Ticks, Limits.HousekeepingInterval.Ticks));
        while (await PauseAsync(interval))
        {
            parts.Buffers.Trim();
            TimeProvider time = parts.Scheduler.Time;
            foreach (ClientConnection connection in connections.All())
            {
                if (!connection.IsBusy && time.GetElapsedTime(connection.LastActive) > maxIdle) connection.Close();
            }
        }
    }

    private async Task<bool> PauseAsync(TimeSpan time)
    {
        try
        {
            await parts.Scheduler.Delay(time, stopping.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
