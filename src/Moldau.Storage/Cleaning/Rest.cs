namespace Moldau.Storage.Cleaning;

/// <summary>Waiting for time to pass, until it is ended for good. One waits at a time; anyone may end it.</summary>
internal sealed class Rest(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiting;
    private bool ended;

    /// <summary>Whether there is no more waiting.</summary>
    public bool IsEnded
    {
        get
        {
            lock (gate) return ended;
        }
    }

    /// <summary>Waits for so long, or to the end.</summary>
    public async Task ForAsync(long milliseconds)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (ended) return;
            waiting = done;
        }

        await using ITimer alarm = time.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetResult(), done,
            TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 1, Limits.HousekeepingSleepMs)), Timeout.InfiniteTimeSpan);
        await done.Task;
    }

    /// <summary>Ends all waiting.</summary>
    public void End()
    {
        lock (gate)
        {
            ended = true;
            waiting?.TrySetResult();
        }
    }
}
