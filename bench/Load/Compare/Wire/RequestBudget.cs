using System.Diagnostics;

namespace Moldau.Load.Compare.Wire;

/// <summary>How many requests the connections of a load may still send together: a number, or until a time. Used by one thread.</summary>
internal sealed class RequestBudget
{
    private readonly long ends;
    private long left;

    private RequestBudget(long left, long ends) => (this.left, this.ends) = (left, ends);

    public bool IsSpent(long now) => left <= 0 || now >= ends;

    public static RequestBudget OfCount(long count) => new(count, long.MaxValue);

    public static RequestBudget OfTime(TimeSpan time) => new(long.MaxValue, Stopwatch.GetTimestamp() + Ticks(time));

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    public bool TryTake(long now)
    {
        if (IsSpent(now)) return false;
        left--;
        return true;
    }
}
