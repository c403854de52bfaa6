namespace Moldau.Simulated.Network;

/// <summary>The way from one host to another. While it is blocked, what would arrive waits, as senders would send it again.</summary>
internal sealed class Link(SimulatedWorld world, SimulatedHost from, SimulatedHost to)
{
    private readonly List<Action> parked = [];
    private bool blocked;

    public SimulatedHost From => from;

    public SimulatedHost To => to;

    /// <summary>Added to what the weather says.</summary>
    public TimeSpan ExtraLatency { get; set; }

    public bool Blocked
    {
        get => blocked;
        set
        {
            blocked = value;
            if (blocked) return;
            Action[] waiting = [.. parked];
            parked.Clear();
            foreach (Action arrive in waiting) Carry(0, arrive);
        }
    }

    /// <summary>Lets something arrive after the link's latency, and not before what was sent ahead of it at <paramref name="notBefore"/>.</summary>
    /// <returns>When, in ticks.</returns>
    public long Carry(int bytes, Action arrive, long notBefore = 0)
    {
        TimeSpan latency = ReferenceEquals(from, to) ? TimeSpan.FromMicroseconds(20) : world.Weather.Latency() + ExtraLatency;
        latency += TimeSpan.FromMilliseconds((double)bytes / world.Weather.BytesPerMs);
        TimeSpan delay = TimeSpan.FromTicks(Math.Max(latency.Ticks, notBefore - world.NowTicks));
        world.After(delay, null, () =>
        {
            if (blocked) parked.Add(arrive);
            else arrive();
        });
        return world.NowTicks + delay.Ticks;
    }
}
