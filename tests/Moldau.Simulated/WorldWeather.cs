namespace Moldau.Simulated;

/// <summary>
/// How fast things are in one world. Drawn anew for each seed, since a fault that shows on a slow network with small windows may never show on
/// a fast one; a test may set what it needs.
/// </summary>
public sealed class WorldWeather
{
    private readonly SeededRandom random;

    internal WorldWeather(SeededRandom random)
    {
        this.random = random;
        LatencyMax = random.Pick([TimeSpan.FromMicroseconds(200), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(40)]);
        SpikePermille = random.Pick([0, 5, 50]);
        WindowBytes = random.Pick([4 * 1024, 64 * 1024, 1024 * 1024]);
        PacketBytesMax = random.Pick([100, 1460, Limits.PacketBytesMax]);
        FlushMax = random.Pick([TimeSpan.FromMicroseconds(100), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(30)]);
    }

    /// <summary>Longest a packet usually takes; the shortest is a tenth.</summary>
    public TimeSpan LatencyMax { get; set; }

    /// <summary>How many of 1000 packets take up to <see cref="SpikeMax"/> instead.</summary>
    public int SpikePermille { get; set; }

    /// <summary>Longest a delayed packet takes.</summary>
    public TimeSpan SpikeMax { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes per millisecond on a link; 125,000 are 1 Gbit/s.</summary>
    public int BytesPerMs { get; set; } = 125_000;

    /// <summary>Bytes one direction of a connection holds between sender and receiver before the sender waits.</summary>
    public int WindowBytes { get; set; }

    /// <summary>Most bytes that arrive at a time; the actual number is drawn.</summary>
    public int PacketBytesMax { get; set; }

    /// <summary>Longest that blocking work, a flush, usually takes.</summary>
    public TimeSpan FlushMax { get; set; }

    /// <summary>How long until nobody answers a connection attempt.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(20);

    internal TimeSpan Latency() => random.Chance(SpikePermille) ? Up(SpikeMax) : Up(LatencyMax);

    /// <summary>How long blocking work takes until it has taken effect, and from then on.</summary>
    internal (TimeSpan Before, TimeSpan After) Blocking()
    {
        TimeSpan all = random.Chance(SpikePermille) ? Up(FlushMax * 20) : Up(FlushMax);
        TimeSpan before = random.Between(TimeSpan.Zero, all);
        return (before, all - before);
    }

    internal int PacketBytes() => 1 + random.Below(Math.Min(PacketBytesMax, Limits.PacketBytesMax));

    private TimeSpan Up(TimeSpan most) => random.Between(most / 10, most);
}
