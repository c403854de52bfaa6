using Moldau.Load.Compare.Cells;

namespace Moldau.Load.Compare.Report;

/// <summary>What is said of a figure: met, missed, a limit of the machine, or that it does not count.</summary>
internal static class Verdicts
{
    /// <returns>Empty when there is no bar, or not everything that it needs was measured.</returns>
    public static string Of(Cell cell, Figure figure, Spread? ratio, Spread? ours, IReadOnlyList<Cell> cells, IReadOnlyDictionary<string, CellResult> results)
    {
        if (figure.Bar?.IsMet(ratio?.Median, ours?.Median) is not { } isMet) return "";
        if (ratio != null && figure.Against == null && Agreement.AgainstOf(cell, figure.Name, ratio.Median, cells, results) is { Count: > 0 } others)
            return $"does not count: not so by {string.Join(", ", others)}";
        if (isMet) return "met";
        return figure.Bar.IsAtLeast && !figure.Name.StartsWith(Figure.LimitPrefix, StringComparison.Ordinal) && LimitShare(cell, results) >= Limits.AtLimitPercent ? "limit" : "**missed**";
    }

    private static double? LimitShare(Cell cell, IReadOnlyDictionary<string, CellResult> results)
    {
        CellResult result = results[cell.Name];
        int column = result.Figures.ToList().FindIndex(name => name.StartsWith(Figure.LimitPrefix, StringComparison.Ordinal));
        return column < 0 ? null : Spread.Of(CellResult.ValuesOf(result.Ours, column))?.Median;
    }
}
