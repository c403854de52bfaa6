namespace Moldau.Load.Compare.Report;

/// <summary>Median, smallest and largest of some values.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>Of the values that are there; null when none is.</summary>
    public static Spread? Of(IEnumerable<double?> values)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        if (sorted.Length == 0) return null;
        double median = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>
    /// The ratio of the medians, with the smallest and the largest ratio of two values of the same run: they were taken close to each other, on a machine
    /// in the same mood. Null when one side has no value, or the peer's is 0.
    /// </summary>
    public static Spread? OfRatios(IReadOnlyList<double?> ours, IReadOnlyList<double?> peers)
    {
        if (Of(ours) is not { } left || Of(peers) is not { } right || right.Median == 0) return null;
        Spread? pairs = Of(ours.Zip(peers, (our, peer) => peer is > 0 ? our / peer : null));
        return new Spread(left.Median / right.Median, pairs?.Min ?? double.NaN, pairs?.Max ?? double.NaN);
    }
}
