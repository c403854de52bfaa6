using Moldau.Protocol;

namespace Moldau.Client.Waiting;

/// <summary>A bounded amount of something (requests, bytes) that is handed out in the order of asking. Thread-safe.</summary>
internal sealed class Permits
{
    private readonly long total;
    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiters = [];
    private long free;

    public Permits(long total)
    {
        this.total = total;
        free = total;
    }

    /// <summary>Whether somebody waits.</summary>
    public bool HasWaiters
    {
        get
        {
            lock (gate) return waiters.Count > 0;
        }
    }

    /// <summary>Takes <paramref name="amount"/> at once; false when that would have to wait, or others do.</summary>
    public bool TryAcquire(long amount)
    {
        lock (gate)
        {
            if (waiters.Count > 0 || free < Needed(amount)) return false;
            free -= amount;
            return true;
        }
    }

    /// <summary>Takes <paramref name="amount"/>, waiting for it if need be. More than the total is granted when nothing else is out.</summary>
    public Task AcquireAsync(long amount, CancellationToken cancellation)
    {
        LinkedListNode<Waiter> node;
        lock (gate)
        {
            if (waiters.Count == 0 && free >= Needed(amount))
            {
                free -= amount;
                return Task.CompletedTask;
            }

            if (waiters.Count >= Limits.PermitWaiters) throw new KafkaException(ErrorCode.ThrottlingQuotaExceeded, $"{waiters.Count} callers wait already");
            node = waiters.AddLast(new Waiter(amount));
        }

        return WaitAsync(node, cancellation);
    }

    /// <summary>Gives back.</summary>
    public void Release(long amount)
    {
        lock (gate) free += amount;
        Serve();
    }

    private long Needed(long amount) => Math.Min(amount, total);

    private async Task WaitAsync(LinkedListNode<Waiter> node, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(_ => Cancel(node, cancellation), null);
        await node.Value.Granted.Task;
    }

    private void Cancel(LinkedListNode<Waiter> node, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (node.List is null) return;
            waiters.Remove(node);
        }

        node.Value.Granted.TrySetCanceled(cancellation);
        Serve();
    }

    private void Serve()
    {
        while (true)
        {
            Waiter next;
            lock (gate)
            {
                if (waiters.First is not { } first || free < Needed(first.Value.Amount)) return;
                next = first.Value;
                free -= next.Amount;
                waiters.RemoveFirst();
            }

            next.Granted.TrySetResult();
        }
    }

    private sealed record Waiter(long Amount)
    {
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
