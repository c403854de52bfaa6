namespace Moldau.Simulated;

/// <summary>Something that is to happen at a moment of virtual time.</summary>
internal sealed class WorldEvent(SimulatedProcess? owner, Action work)
{
    /// <summary>On whose behalf; null: the world's. A dead owner's events never happen.</summary>
    public SimulatedProcess? Owner => owner;

    public Action Work => work;

    /// <summary>Taken back: it does not even move the clock.</summary>
    public bool Cancelled { get; set; }

    public bool IsLive => !Cancelled && owner is not { HasEnded: true };
}

/// <summary>What lies ahead, by time, then by the order it was put in.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<WorldEvent, (long Ticks, long Order)> events = new();
    private long order;

    public void Add(long ticks, WorldEvent item)
    {
        Moldau.Protocol.Invariant.That(events.Count < Limits.EventsMax);
        events.Enqueue(item, (ticks, order++));
    }

    /// <summary>The time of the next live event; null: there is none.</summary>
    public long? NextTicks()
    {
        while (events.TryPeek(out WorldEvent? item, out (long Ticks, long Order) key))
        {
            if (item.IsLive) return key.Ticks;
            events.Dequeue();
        }

        return null;
    }

    /// <summary>The next live event, if its time has come.</summary>
    public WorldEvent? TakeDue(long now) => NextTicks() <= now ? events.Dequeue() : null;
}
