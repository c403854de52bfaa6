namespace Moldau.Coordinators;

/// <summary>
/// The timers of one shard, by deadline. Not thread safe: the shard's loop owns it. Timers of equal deadline fire in the order in which
/// they were set.
/// </summary>
/// <remarks>
/// A heartbeat moves its member's deadline later, thousands of times for each time that one fires. So a move to later leaves the heap
/// alone; the stale entry is looked at when it comes up, and pushed again with the true deadline.
/// </remarks>
public sealed class TimerQueue
{
    private readonly Dictionary<TimerKey, Entry> entries = [];
    private readonly PriorityQueue<(TimerKey Key, long Id), (long DeadlineMs, long Id)> heap = new();
    private long lastId;

    /// <summary>Number of timers set.</summary>
    public int Count => entries.Count;

    /// <summary>Applies a command of a core.</summary>
    public void Apply(TimerCommand command)
    {
        if (command.DeadlineMs is not { } deadlineMs)
        {
            entries.Remove(command.Key);
            Trim();
            return;
        }

        if (entries.TryGetValue(command.Key, out Entry? entry) && entry.QueuedMs <= deadlineMs)
        {
            entry.DeadlineMs = deadlineMs;
            return;
        }

        Push(command.Key, deadlineMs);
        Trim();
    }

    /// <summary>The earliest deadline, or null when no timer is set.</summary>
    public long? NextDeadlineMs
    {
        get
        {
            Settle();
            return heap.TryPeek(out _, out var at) ? at.DeadlineMs : null;
        }
    }

    /// <summary>Takes the earliest timer whose deadline has come.</summary>
    public bool TryTakeDue(long nowMs, out TimerKey key)
    {
        Settle();
        key = default;
        if (!heap.TryPeek(out var top, out var at) || at.DeadlineMs > nowMs) return false;
        heap.Dequeue();
        entries.Remove(top.Key);
        key = top.Key;
        return true;
    }

    /// <summary>Forgets every timer.</summary>
    public void Clear()
    {
        entries.Clear();
        heap.Clear();
    }

    private void Push(TimerKey key, long deadlineMs)
    {
        long id = ++lastId;
        entries[key] = new Entry(id, deadlineMs);
        heap.Enqueue((key, id), (deadlineMs, id));
    }

    /// <summary>Makes the top of the heap a true one: drops cancelled entries, moves postponed ones down.</summary>
    private void Settle()
    {
        while (heap.TryPeek(out var top, out _))
        {
            bool current = entries.TryGetValue(top.Key, out Entry? entry) && entry.Id == top.Id;
            if (current && entry!.DeadlineMs == entry.QueuedMs) return;
            heap.Dequeue();
            if (current) Push(top.Key, entry!.DeadlineMs);
        }
    }

    /// <summary>Bounds the heap: cancelled entries may not outnumber the timers that are set.</summary>
    private void Trim()
    {
        if (heap.Count <= 2 * entries.Count + Limits.StaleTimers) return;
        heap.Clear();
        foreach ((TimerKey key, Entry entry) in entries.OrderBy(pair => pair.Value.Id))
        {
            entry.QueuedMs = entry.DeadlineMs;
            heap.Enqueue((key, entry.Id), (entry.DeadlineMs, entry.Id));
        }
    }

    private sealed class Entry(long id, long deadlineMs)
    {
        public long Id { get; } = id;

        public long DeadlineMs { get; set; } = deadlineMs;

        /// <summary>The deadline that the heap knows, never later than the true one.</summary>
        public long QueuedMs { get; set; } = deadlineMs;
    }
}
