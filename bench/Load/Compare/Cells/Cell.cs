using Moldau.Load.Compare.Brokers;

namespace Moldau.Load.Compare.Cells;

/// <summary>One comparison.</summary>
internal abstract class Cell(string name, string what, IReadOnlyList<Figure> figures)
{
    /// <summary>How it is chosen on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>What it does, for the report.</summary>
    public string What { get; } = what;

    public IReadOnlyList<Figure> Figures { get; } = figures;

    /// <summary>Whether it runs when nothing is chosen.</summary>
    public virtual bool IsDefault => true;

    /// <summary>The cell whose winner this one must see too; null: it stands for itself.</summary>
    public virtual string? Confirms => null;

    /// <summary>The flush tier in which it runs.</summary>
    public abstract FlushTier Tier { get; }
}

/// <summary>A cell that shares one running and warm broker with others of its tier.</summary>
internal abstract class ServedCell(string name, string what, FlushTier tier, IReadOnlyList<Figure> figures) : Cell(name, what, figures)
{
    public override FlushTier Tier => tier;

    /// <returns>A value for each of its figures.</returns>
    public abstract Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale);
}

/// <summary>A cell about starts, ends and idleness, which has its broker to itself.</summary>
internal abstract class LifeCell(string name, string what, IReadOnlyList<Figure> figures) : Cell(name, what, figures)
{
    public override FlushTier Tier => FlushTier.PageCache;

    /// <returns>A value for each of its figures.</returns>
    public abstract Task<double[]> MeasureAsync(Contender contender, CellScale scale);
}
