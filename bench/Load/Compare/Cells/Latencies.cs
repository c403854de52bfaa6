using HdrHistogram;

namespace Moldau.Load.Compare.Cells;

/// <summary>Histograms of nanoseconds, and what is told of them in milliseconds.</summary>
internal static class Latencies
{
    private const int SignificantDigits = 3;

    public static LongHistogram New() => new(Limits.LatencyTicksMax, SignificantDigits);

    public static double Milliseconds(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1e6;
}
