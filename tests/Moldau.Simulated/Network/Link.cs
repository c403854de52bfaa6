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

    /// <summary>Lets something arrive after the link's latency.</summary>
    public void Carry(int bytes, Action arrive)
    {
        TimeSpan latency = ReferenceEquals(from, to) ? TimeSpan.FromMicroseconds(20) : world.Weather.Latency() + ExtraLatency;
        world.After(latency + TimeSpan.FromMilliseconds((double)bytes / world.Weather.BytesPerMs), null, () =>
        {
            if (blocked) parked.Add(arrive);
            else arrive();
        });
    }
}
