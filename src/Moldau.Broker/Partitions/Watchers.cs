namespace Moldau.Broker.Partitions;

/// <summary>Who waits for one partition. Waking ends every wait; whoever finds too little waits again. Thread-safe.</summary>
internal sealed class Watchers
{
    private readonly Lock gate = new();
    private List<Waiter>? waiting;
    private int pruneAt = Limits.WatchersBeforePrune;

    /// <summary>Adds a waiter, which stays until the next wake-up, or until it has ended and the list is cleaned.</summary>
    public void Add(Waiter waiter)
    {
        lock (gate)
        {
            waiting ??= [];
            if (waiting.Count >= pruneAt) Prune();
            waiting.Add(waiter);
        }
    }

    /// <summary>Wakes everybody.</summary>
    public void Wake()
    {
        // The caller has just moved the partition's end. Either a waiter that adds itself now sees that, or it is seen here.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref waiting) is null) return;
        List<Waiter>? woken;
        lock (gate)
        {
            woken = waiting;
            waiting = null;
        }

        if (woken is null) return;
        foreach (Waiter waiter in woken) waiter.TryEnd(true);
    }

    // A partition that nothing is written to collects the waits that ended elsewhere or at their deadline.
    private void Prune()
    {
        waiting!.RemoveAll(static waiter => waiter.IsDone);
        pruneAt = Math.Max(Limits.WatchersBeforePrune, waiting.Count * 2);
    }
}
