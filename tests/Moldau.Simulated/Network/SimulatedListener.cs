using System.Net;
using Moldau.Protocol.Transport;

namespace Moldau.Simulated.Network;

/// <summary>A bound port of a simulated host.</summary>
internal sealed class SimulatedListener(SimulatedNetwork network, SimulatedProcess owner, IPEndPoint local) : IListener
{
    private readonly Queue<SimulatedConnection> backlog = new();
    private TaskCompletionSource? waiter;
    private bool disposed;

    public IPEndPoint Local => local;

    public SimulatedProcess Owner => owner;

    public async ValueTask<IConnection?> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (disposed) return null;
            if (backlog.TryDequeue(out SimulatedConnection? connection)) return connection;
            TaskCompletionSource wake = waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = cancellation.Register(() => wake.TrySetCanceled(cancellation));
            await wake.Task;
        }
    }

    /// <summary>Takes in a connection; false when no more may wait.</summary>
    public bool Offer(SimulatedConnection connection)
    {
        if (disposed || backlog.Count >= Limits.BacklogMax) return false;
        backlog.Enqueue(connection);
        waiter?.TrySetResult();
        return true;
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        network.Unbind(this);
        while (backlog.TryDequeue(out SimulatedConnection? connection)) connection.Abort();
        waiter?.TrySetResult();
    }
}
