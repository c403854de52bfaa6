namespace Moldau.Client.Waiting;

/// <summary>Wakes one waiting loop. A signal that comes while nobody waits is kept; several are one. Thread-safe, for one waiter at a time.</summary>
internal sealed class Signal(TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private TaskCompletionSource<bool>? waiter;
    private ITimer? timer;
    private bool isSet;

    public void Set()
    {
        TaskCompletionSource<bool>? woken;
        lock (gate)
        {
            woken = waiter;
            waiter = null;
            if (woken is null) isSet = true;
        }

        woken?.TrySetResult(true);
    }

    /// <summary>Completes with the next signal.</summary>
    public Task<bool> WaitAsync() => WaitAsync(Timeout.InfiniteTimeSpan);

    /// <summary>Completes with true at the next signal, with false when the time is over first.</summary>
    public Task<bool> WaitAsync(TimeSpan timeout)
    {
        lock (gate)
        {
            Protocol.Invariant.That(waiter is null);
            if (isSet)
            {
                isSet = false;
                return Task.FromResult(true);
            }

            if (timeout != Timeout.InfiniteTimeSpan && timeout <= TimeSpan.Zero) return Task.FromResult(false);
            waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (timer is null && timeout != Timeout.InfiniteTimeSpan) timer = time.CreateTimer(static self => ((Signal)self!).Elapse(), this, timeout, Timeout.InfiniteTimeSpan);
            else timer?.Change(timeout, Timeout.InfiniteTimeSpan);
            return waiter.Task;
        }
    }

    public void Dispose() => timer?.Dispose();

    // A timer that fires late, for a wait that has ended, wakes the next one early: waiters look at the time themselves.
    private void Elapse()
    {
        TaskCompletionSource<bool>? woken;
        lock (gate)
        {
            woken = waiter;
            waiter = null;
        }

        woken?.TrySetResult(false);
    }
}
