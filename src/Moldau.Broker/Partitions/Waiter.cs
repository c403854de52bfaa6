using System.Threading.Tasks.Sources;

namespace Moldau.Broker.Partitions;

/// <summary>
/// A request that waits for partitions (Kafka's delayed operation): woken when one of them moves, or at its deadline. Its continuation runs from the
/// scheduler, not on the stack of the append that woke it. Used once per wait; made anew for each.
/// </summary>
internal sealed class Waiter : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private int isDone;

    /// <summary>Whether it was woken or has expired.</summary>
    public bool IsDone => Volatile.Read(ref isDone) != 0;

    /// <summary>Place in the purgatory's heap of deadlines; -1: not there.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>Timestamp at which it expires.</summary>
    internal long Deadline { get; set; }

    /// <summary>Completes with true when woken, with false at the deadline.</summary>
    public ValueTask<bool> WaitAsync() => new(this, source.Version);

    /// <summary>Ends the wait; false when it had ended before.</summary>
    public bool TryEnd(bool woken)
    {
        if (Interlocked.Exchange(ref isDone, 1) != 0) return false;
        source.SetResult(woken);
        return true;
    }

    bool IValueTaskSource<bool>.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
