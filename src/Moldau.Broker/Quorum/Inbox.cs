using Moldau.Protocol.Transport;

namespace Moldau.Broker.Quorum;

/// <summary>What the raft loop waits for: a signal, or its deadline. Signals that come while it works are one. Any thread signals, one waits.</summary>
internal sealed class Inbox(IScheduler scheduler)
{
    private readonly Lock gate = new();
    private readonly Queue<Action> commands = [];
    private TaskCompletionSource? waiter;
    private bool isSignalled;

    /// <summary>Wakes the loop.</summary>
    public void Signal()
    {
        TaskCompletionSource? woken;
        lock (gate)
        {
            isSignalled = true;
            (woken, waiter) = (waiter, null);
        }

        woken?.TrySetResult();
    }

    /// <summary>Has the loop run a command.</summary>
    /// <exception cref="QuorumBusyException">Too many wait.</exception>
    public void Post(Action command)
    {
        lock (gate)
        {
            if (commands.Count >= Raft.Limits.PendingCommands) throw new QuorumBusyException();
            commands.Enqueue(command);
        }

        Signal();
    }

    /// <summary>The next command, or null.</summary>
    public Action? TakeCommand()
    {
        lock (gate) return commands.TryDequeue(out Action? command) ? command : null;
    }

    /// <summary>Completes at the next signal, at once if there was one since the last wait, or at the deadline.</summary>
    public async Task WaitAsync(long deadlineMs, long nowMs)
    {
        Task signalled;
        lock (gate)
        {
            if (isSignalled || deadlineMs <= nowMs)
            {
                isSignalled = false;
                return;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled = waiter.Task;
        }

        if (deadlineMs == long.MaxValue) await signalled;
        else
        {
            using var timer = new CancellationTokenSource();
            _ = SignalAfterAsync(TimeSpan.FromMilliseconds(Math.Min(deadlineMs - nowMs, int.MaxValue)), timer.Token);
            await signalled;
            // Not CancelAsync: it goes on from a pool thread.
            timer.Cancel();
        }

        lock (gate)
        {
            isSignalled = false;
            waiter = null;
        }
    }

    // Not Task.WhenAny: the continuation of a combinator would leave the scheduler.
    private async Task SignalAfterAsync(TimeSpan delay, CancellationToken cancellation)
    {
        try
        {
            await scheduler.Delay(delay, cancellation);
            Signal();
        }
        catch (OperationCanceledException)
        {
            // Something came before the deadline.
        }
    }
}
