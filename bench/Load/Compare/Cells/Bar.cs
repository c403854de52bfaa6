namespace Moldau.Load.Compare.Cells;

/// <summary>What a figure must reach to be called met.</summary>
/// <param name="IsAtLeast">Whether more is better.</param>
/// <param name="Ratio">The bound of ours to Kafka's; null: none.</param>
/// <param name="Ours">The bound of ours by itself; null: none.</param>
internal sealed record Bar(bool IsAtLeast, double? Ratio, double? Ours = null)
{
    public static Bar AtLeast(double ratio) => new(true, ratio);

    public static Bar AtMost(double ratio, double? ours = null) => new(false, ratio, ours);

    /// <summary>Whether medians meet it; null when what it needs was not measured.</summary>
    public bool? IsMet(double? ratio, double? ours)
    {
        if ((Ratio != null && ratio == null) || (Ours != null && ours == null)) return null;
        return Holds(ratio, Ratio) && Holds(ours, Ours);
    }

    private bool Holds(double? value, double? bound) => bound == null || (IsAtLeast ? value >= bound : value <= bound);
}

/// <summary>A number that a cell gives.</summary>
/// <param name="Name">What and in which unit.</param>
/// <param name="Bar">What is asked of it; null: it is told only.</param>
internal sealed record Figure(string Name, Bar? Bar = null)
{
    /// <summary>How figures are named that say how close to the machine's limit a broker came; the limit is measured in the same run.</summary>
    public const string LimitPrefix = "% of ";

    /// <summary>The cell and figure of the peer that it is compared with, where that is not the same.</summary>
    public (string Cell, string Figure)? Against { get; init; }
}
