using Moldau.Processes;

namespace Moldau.Load.Compare.Cells;

/// <summary>How much a cell moves and how long it takes.</summary>
internal sealed record CellScale
{
    public required long BigBytes { get; init; }

    /// <summary>For cells of small batches, which take longer for each byte.</summary>
    public long SmallBytes => BigBytes / 4;

    /// <summary>How long cells take that are bound by time.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>How long a latency is looked at, and as long as before it is not.</summary>
    public required TimeSpan LatencyTime { get; init; }

    /// <summary>How long a broker is warmed before its first cell.</summary>
    public required TimeSpan Warmup { get; init; }

    /// <summary>How long a broker is left alone before its idle memory is read.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>What a broker holds before it is started again.</summary>
    public required long FillBytes { get; init; }

    /// <summary>Partitions of the cell with many.</summary>
    public required int Partitions { get; init; }

    public required int IdleConnections { get; init; }

    public required TimeSpan Soak { get; init; }

    /// <summary>Apache Kafka's tools, which serve as clients; null: they are not here.</summary>
    public KafkaPeer? Tools { get; init; }

    public static CellScale Of(double gibibytes, TimeSpan soak) => new()
    {
        BigBytes = (long)(gibibytes * (1L << 30)),
        Time = TimeSpan.FromSeconds(2),
        LatencyTime = TimeSpan.FromSeconds(6),
        Warmup = TimeSpan.FromSeconds(10),
        Idle = TimeSpan.FromSeconds(60),
        FillBytes = 10_000_000_000,
        Partitions = 10_000,
        IdleConnections = 5000,
        Soak = soak,
    };

    /// <summary>Enough to see that a cell works.</summary>
    public static CellScale Quick(TimeSpan soak) => new()
    {
        BigBytes = 128L << 20,
        Time = TimeSpan.FromSeconds(0.5),
        LatencyTime = TimeSpan.FromSeconds(1),
        Warmup = TimeSpan.FromSeconds(2),
        Idle = TimeSpan.FromSeconds(2),
        FillBytes = 200_000_000,
        Partitions = 500,
        IdleConnections = 200,
        Soak = soak,
    };
}
