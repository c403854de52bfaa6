using Moldau.Load.Compare.Cells;

namespace Moldau.Load.Compare.Report;

/// <summary>Whether stock clients see the winner that the replayer sees: a figure counts only then.</summary>
internal static class Agreement
{
    /// <summary>The cells that see another winner for the same figure. A tie sees none.</summary>
    public static IReadOnlyList<string> AgainstOf(Cell cell, string figure, double ratio, IReadOnlyList<Cell> cells, IReadOnlyDictionary<string, CellResult> results) =>
        [.. cells.Where(each => each.Confirms == cell.Name && RatioOf(each, figure, results) is { } other && IsOther(ratio, other)).Select(each => each.Name)];

    private static bool IsOther(double ratio, double other) => Math.Abs(other - 1) > Limits.TieWithin && (other > 1) != (ratio > 1);

    private static double? RatioOf(Cell cell, string figure, IReadOnlyDictionary<string, CellResult> results)
    {
        if (!results.TryGetValue(cell.Name, out CellResult? result)) return null;
        int column = result.Figures.ToList().IndexOf(figure);
        return column < 0 ? null : Spread.OfRatios(CellResult.ValuesOf(result.Ours, column), CellResult.ValuesOf(result.Peers, column))?.Median;
    }
}
