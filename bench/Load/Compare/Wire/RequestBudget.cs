using System.Diagnostics;

namespace Moldau.Load.Compare.Wire;

/// <summary>
/// How many requests the connections of a load may still send together: a number, or until a time is over that begins when the first asks. Used by one
/// thread.
/// </summary>
internal sealed class RequestBudget
{
    private readonly long? time;
    private long left;
    private long? began;

    private RequestBudget(long left, long? time) => (this.left, this.time) = (left, time);

    public static RequestBudget OfCount(long count) => new(count, null);

    public static RequestBudget OfTime(TimeSpan time) => new(long.MaxValue, Ticks(time));

    public bool IsSpent(long now)
    {
        began ??= now;
        return left <= 0 || now - began >= time;
    }

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    public bool TryTake(long now)
    {
        if (IsSpent(now)) return false;
        left--;
        return true;
    }
}
