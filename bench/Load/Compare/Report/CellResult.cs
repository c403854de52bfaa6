namespace Moldau.Load.Compare.Report;

/// <summary>What the runs of one cell gave, as it is kept between calls.</summary>
internal sealed record CellResult
{
    /// <summary>The commit, machine and state of the machine that it was measured on.</summary>
    public required string Measured { get; init; }

    /// <summary>The names of the figures, in the order of the values.</summary>
    public required IReadOnlyList<string> Figures { get; init; }

    /// <summary>Each run's values of Moldau; a run that is void is null.</summary>
    public required IReadOnlyList<double[]?> Ours { get; init; }

    /// <summary>Each run's values of Apache Kafka; a run that is void is null. Empty when it was not measured.</summary>
    public required IReadOnlyList<double[]?> Peers { get; init; }

    /// <summary>Why runs are void.</summary>
    public IReadOnlyList<string> Voids { get; init; } = [];

    /// <summary>The values of a figure in the runs that count.</summary>
    public static double?[] ValuesOf(IReadOnlyList<double[]?> runs, int figure) => [.. runs.Select(run => run?[figure])];
}
