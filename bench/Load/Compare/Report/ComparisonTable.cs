using System.Globalization;
using System.Text;
using Moldau.Load.Compare.Cells;

namespace Moldau.Load.Compare.Report;

/// <summary>The results for people: a row for each figure.</summary>
internal static class ComparisonTable
{
    public static string Render(IReadOnlyDictionary<string, CellResult> results, IReadOnlyList<Cell> cells, string? peerVersion)
    {
        var text = new StringBuilder();
        text.AppendLine("## Beside Apache Kafka").AppendLine();
        text.AppendLine("`dotnet run -c Release --project bench/Load -- compare --peer ../shared/peers/kafka`. One broker at a time, in the order A B B A, each on fresh folders; the load is").AppendLine(
            "the same bytes from the same driver, on the same machine. Medians, in brackets the smallest and the largest; the ratio is that of the medians, in brackets the smallest and the largest of one run.");
        text.AppendLine("T0: a write counts when the operating system has it (Kafka's default). T1: when the disk has it (Moldau's default; Kafka with `log.flush.interval.messages=1`).");
        text.AppendLine(CultureInfo.InvariantCulture, $"A bar counts where stock clients see the same winner; one that is missed is a *limit* of this machine where Moldau reached {Limits.AtLimitPercent} % of what a bare loop did in the same run.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Apache Kafka {peerVersion ?? "was not measured"}; heap {KafkaHeap}, with the collector's options of its own scripts. Processor time is that of the broker's process tree.").AppendLine();
        text.AppendLine("| cell | tier | figure | moldau | Apache Kafka | ratio | bar | |").AppendLine("|---|---|---|---:|---:|---:|---:|---|");
        foreach (Cell cell in cells)
            if (results.TryGetValue(cell.Name, out CellResult? result)) AddRows(text, cell, result, results, cells);
        AddNotes(text, results, cells);
        return text.ToString();
    }

    /// <summary>The memory of Kafka's server, as its own start script gives it.</summary>
    public const string KafkaHeap = "-Xmx1G -Xms1G";

    private static void AddRows(StringBuilder text, Cell cell, CellResult result, IReadOnlyDictionary<string, CellResult> results, IReadOnlyList<Cell> cells)
    {
        for (int i = 0; i < cell.Figures.Count; i++)
        {
            Figure figure = cell.Figures[i];
            int column = ColumnOf(result, figure.Name);
            if (column < 0) continue;
            double?[] ours = CellResult.ValuesOf(result.Ours, column), peers = Peers(figure, result, column, results);
            Spread? our = Spread.Of(ours), ratio = Spread.OfRatios(ours, peers);
            string verdict = Verdicts.Of(cell, figure, ratio, our, cells, results);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {(i == 0 ? $"{cell.Name}: {cell.What}" : "")} | {TierOf(cell, i)} | {figure.Name} | {Show(our)} | {Show(Spread.Of(peers))} | {Show(ratio)} | {Show(figure.Bar)} | {verdict} |");
        }
    }

    private static string TierOf(Cell cell, int row) => row == 0 ? Brokers.FlushTiers.ShortName(cell.Tier) : "";

    private static int ColumnOf(CellResult result, string figure) => result.Figures.ToList().IndexOf(figure);

    private static double?[] Peers(Figure figure, CellResult result, int column, IReadOnlyDictionary<string, CellResult> results)
    {
        if (figure.Against is not { } other) return CellResult.ValuesOf(result.Peers, column);
        return results.TryGetValue(other.Cell, out CellResult? there) && ColumnOf(there, other.Figure) is >= 0 and var place ? CellResult.ValuesOf(there.Peers, place) : [];
    }

    private static void AddNotes(StringBuilder text, IReadOnlyDictionary<string, CellResult> results, IReadOnlyList<Cell> cells)
    {
        text.AppendLine();
        Cell[] measured = [.. cells.Where(cell => results.ContainsKey(cell.Name))];
        foreach (IGrouping<string, Cell> group in measured.GroupBy(cell => results[cell.Name].Measured))
        {
            int runs = group.Max(cell => results[cell.Name].Ours.Count);
            string which = group.Count() == measured.Length ? "All" : string.Join(", ", group.Select(cell => cell.Name));
            text.AppendLine(CultureInfo.InvariantCulture, $"- {which}: {runs} run{(runs == 1 ? "" : "s")}; {group.Key}.");
        }

        foreach (Cell cell in measured)
            foreach (string reason in results[cell.Name].Voids) text.AppendLine(CultureInfo.InvariantCulture, $"- **Void**: {cell.Name}, {reason}");
    }

    private static string Show(Spread? spread) => spread == null || double.IsNaN(spread.Median) ? "–" : $"{Show(spread.Median)} ({Show(spread.Min)}–{Show(spread.Max)})";

    private static string Show(Bar? bar)
    {
        if (bar == null) return "";
        string sign = bar.IsAtLeast ? "≥" : "≤";
        return string.Join(", ", new[] { bar.Ratio is { } ratio ? $"{sign} {Show(ratio)}" : null, bar.Ours is { } ours ? $"ours {sign} {Show(ours)}" : null }.OfType<string>());
    }

    /// <summary>Three digits that count, and no exponent.</summary>
    internal static string Show(double value) => Math.Abs(value) switch
    {
        double.NaN => "–",
        0 => "0",
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
