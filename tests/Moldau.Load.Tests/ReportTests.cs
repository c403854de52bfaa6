using Moldau.Load.Compare;
using Moldau.Load.Compare.Cells;
using Moldau.Load.Compare.Report;

namespace Moldau.Load.Tests;

public sealed class ReportTests
{
    private static readonly IReadOnlyList<Cell> Cells = CellCatalog.All;

    [Fact]
    public void A_void_run_counts_for_nothing()
    {
        double?[] ours = [100, null, 120, 140], peers = [50, 60, null, 70];

        Assert.Equal(new Spread(120, 100, 140), Spread.Of(ours));
        Spread ratio = Spread.OfRatios(ours, peers)!;
        Assert.Equal((2, 2, 2), (ratio.Median, ratio.Min, ratio.Max));
    }

    [Fact]
    public void Without_the_peer_there_is_no_ratio() => Assert.Null(Spread.OfRatios([1, 2], []));

    [Fact]
    public void A_ratio_is_that_of_the_medians_and_its_spread_that_of_the_runs()
    {
        Spread ratio = Spread.OfRatios([10, 20, 60], [10, 10, 20])!;

        Assert.Equal(new Spread(2, 1, 3), ratio);
    }

    [Fact]
    public void A_bar_is_met_missed_or_not_judged()
    {
        Assert.Equal("met", Verdict("produce-small", "records/s", ours: 2.1, peers: 1));
        Assert.Equal("**missed**", Verdict("produce-small", "records/s", ours: 1.9, peers: 1));
        Assert.Equal("", Verdict("produce-small", "records/s", ours: 2.1, peers: null));
        Assert.Equal("", Verdict("t1-latency", "p50 ms", ours: 1, peers: 1));
    }

    [Fact]
    public void Memory_must_be_below_both_its_bounds()
    {
        Assert.Equal("met", Verdict("start", "MB idle", ours: 55, peers: 400));
        Assert.Equal("**missed**", Verdict("start", "MB idle", ours: 65, peers: 4000));
        Assert.Equal("**missed**", Verdict("start", "MB idle", ours: 55, peers: 200));
    }

    [Fact]
    public void A_figure_does_not_count_when_a_stock_client_sees_another_winner()
    {
        CellResult other = Result("java-produce-small", "records/s", 0.8, 1), tie = Result("librdkafka-produce-small", "records/s", 0.98, 1);

        Assert.Equal("does not count: not so by java-produce-small", Verdict("produce-small", "records/s", 3, 1, ("java-produce-small", other), ("librdkafka-produce-small", tie)));
    }

    [Fact]
    public void A_missed_throughput_is_a_limit_where_a_bare_loop_does_hardly_more()
    {
        var near = new CellResult { Measured = "", Figures = ["MB/s", "CPU-s per GB", "% of a bare append loop"], Ours = [[100, 1, 90]], Peers = [[100, 1, 90]] };

        Assert.Equal("limit", Verdicts.Of(CellOf("produce-big-1-all"), FigureOf("produce-big-1-all", "MB/s"), new Spread(1, 1, 1), new Spread(100, 100, 100), Cells, Results(("produce-big-1-all", near))));
        Assert.Equal("**missed**", Verdicts.Of(CellOf("produce-big-1-all"), FigureOf("produce-big-1-all", "CPU-s per GB"), new Spread(1, 1, 1), new Spread(1, 1, 1), Cells, Results(("produce-big-1-all", near))));
    }

    [Fact]
    public void A_cell_that_is_not_run_again_keeps_its_row()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ResultStore.Merge(file, Results(("produce-small", Result("produce-small", "records/s", 1, 1)), ("soak", Result("soak", "p99.9 ms, last", 3, 4))));
            Dictionary<string, CellResult> all = ResultStore.Merge(file, Results(("produce-small", Result("produce-small", "records/s", 2, 1))));

            Assert.Equal(2, all["produce-small"].Ours[0]![0]);
            Assert.Equal(3, all["soak"].Ours[0]![0]);
            string table = ComparisonTable.Render(all, Cells, "4.4.0");
            Assert.Contains("| records/s | 2.00 (2.00–2.00) | 1.00 (1.00–1.00) | 2.00 (2.00–2.00) | ≥ 2.00 | met |", table, StringComparison.Ordinal);
            Assert.Contains("soak", table, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_kafka_does_unsynced_stands_beside_what_is_synced_here()
    {
        var synced = new CellResult { Measured = "", Figures = ["MB/s beside Kafka's at T0"], Ours = [[300]], Peers = [[30]] };

        string table = ComparisonTable.Render(Results(("t1-produce-big", synced), ("produce-big-1-all", Result("produce-big-1-all", "MB/s", 500, 200))), Cells, "4.4.0");

        Assert.Contains("| MB/s beside Kafka's at T0 | 300 (300–300) | 200 (200–200) | 1.50 (1.50–1.50) |", table, StringComparison.Ordinal);
    }

    private static Cell CellOf(string name) => Cells.Single(cell => cell.Name == name);

    private static Figure FigureOf(string cell, string name) => CellOf(cell).Figures.Single(figure => figure.Name == name);

    private static CellResult Result(string cell, string figure, double ours, double peers) =>
        new() { Measured = cell, Figures = [figure], Ours = [[ours]], Peers = [[peers]] };

    private static Dictionary<string, CellResult> Results(params (string Cell, CellResult Result)[] results) => results.ToDictionary(each => each.Cell, each => each.Result);

    private static string Verdict(string cell, string figure, double ours, double? peers, params (string, CellResult)[] others)
    {
        var result = new CellResult { Measured = "", Figures = [figure], Ours = [[ours]], Peers = peers is { } value ? [[value]] : [] };
        Spread? ratio = Spread.OfRatios(CellResult.ValuesOf(result.Ours, 0), CellResult.ValuesOf(result.Peers, 0));
        return Verdicts.Of(CellOf(cell), FigureOf(cell, figure), ratio, Spread.Of([ours]), Cells, Results([(cell, result), .. others]));
    }
}
