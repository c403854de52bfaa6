using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Cells;
using Moldau.Load.Compare.Report;

namespace Moldau.Load.Compare.Runs;

/// <summary>Collects what the runs give.</summary>
internal sealed class RunLog(int runs)
{
    private readonly Dictionary<(string Cell, bool IsOurs), double[]?[]> values = [];
    private readonly Dictionary<string, List<string>> voids = [];

    /// <summary>Whether any run is void.</summary>
    public bool HasVoids => voids.Count > 0;

    public void Add(Cell cell, Contender contender, int run, double[] measured)
    {
        ValuesOf(cell, contender)[run] = measured;
        string said = string.Join(", ", cell.Figures.Select((figure, i) => $"{ComparisonTable.Show(measured[i])} {figure.Name}"));
        Console.WriteLine($"{run + 1}/{runs} {contender.Name} {cell.Name}: {said}");
    }

    public void AddVoid(Cell cell, Contender contender, int run, string reason)
    {
        ValuesOf(cell, contender)[run] = null;
        if (!voids.TryGetValue(cell.Name, out List<string>? reasons)) voids[cell.Name] = reasons = [];
        reasons.Add($"run {run + 1} of {contender.Name}: {reason.Split('\n')[0]}");
        Console.Error.WriteLine($"{run + 1}/{runs} {contender.Name} {cell.Name} is void: {reason}");
    }

    /// <summary>What the first runs gave.</summary>
    public Dictionary<string, CellResult> Results(IReadOnlyList<Cell> cells, string measured, int done) => cells.ToDictionary(
        cell => cell.Name,
        cell => new CellResult
        {
            Measured = measured,
            Figures = [.. cell.Figures.Select(figure => figure.Name)],
            Ours = [.. (values.GetValueOrDefault((cell.Name, true)) ?? []).Take(done)],
            Peers = [.. (values.GetValueOrDefault((cell.Name, false)) ?? []).Take(done)],
            Voids = voids.GetValueOrDefault(cell.Name) ?? [],
        });

    private double[]?[] ValuesOf(Cell cell, Contender contender)
    {
        if (!values.TryGetValue((cell.Name, contender.IsOurs), out double[]?[]? found)) values[(cell.Name, contender.IsOurs)] = found = new double[]?[runs];
        return found;
    }
}
