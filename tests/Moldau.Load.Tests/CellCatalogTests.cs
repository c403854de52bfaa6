using Moldau.Load.Compare;
using Moldau.Load.Compare.Cells;
using Moldau.Load.Startup;

namespace Moldau.Load.Tests;

public sealed class CellCatalogTests
{
    [Fact]
    public void A_name_that_chooses_nothing_is_refused_with_the_names_there_are()
    {
        var refused = Assert.Throws<LoadUsageException>(() => CellCatalog.Chosen(["produce-enormous"], Driver.Both));

        Assert.Contains("produce-big-1-all", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_name_chooses_one_cell_although_others_begin_with_it() =>
        Assert.Equal(["one-record-1"], CellCatalog.Chosen(["one-record-1"], Driver.Both).Select(cell => cell.Name));

    [Fact]
    public void The_beginning_of_names_chooses_all_of_them() =>
        Assert.Equal(["end-to-end-1k", "end-to-end-10k", "end-to-end-50k"], CellCatalog.Chosen(["end-to-end"], Driver.Both).Select(cell => cell.Name));

    [Fact]
    public void The_long_cells_run_only_when_they_are_named()
    {
        string[] chosen = [.. CellCatalog.Chosen([], Driver.Both).Select(cell => cell.Name)];

        Assert.DoesNotContain("soak", chosen);
        Assert.DoesNotContain("recovery-1000", chosen);
        Assert.Contains("produce-small", chosen);
        Assert.Equal("soak", Assert.Single(CellCatalog.Chosen(["soak"], Driver.Both)).Name);
    }

    [Fact]
    public void A_driver_chooses_its_own_cells()
    {
        Assert.All(CellCatalog.Chosen([], Driver.Stock), cell => Assert.NotNull(cell.Confirms));
        Assert.All(CellCatalog.Chosen([], Driver.Wire), cell => Assert.Null(cell.Confirms));
    }

    [Fact]
    public void Names_are_unique_and_what_refers_to_a_cell_or_figure_finds_it()
    {
        Assert.Equal(CellCatalog.All.Count, CellCatalog.All.Select(cell => cell.Name).Distinct().Count());
        foreach (Cell cell in CellCatalog.All)
        {
            if (cell.Confirms is { } confirmed) Assert.Equal(cell.Figures.Select(figure => figure.Name), CellCatalog.All.Single(each => each.Name == confirmed).Figures.Take(2).Select(figure => figure.Name));
            foreach ((string other, string figure) in cell.Figures.Select(each => each.Against).OfType<(string, string)>())
                Assert.Contains(figure, CellCatalog.All.Single(each => each.Name == other).Figures.Select(each => each.Name));
        }
    }
}
