namespace Moldau.Client.Waiting;

/// <summary>A moment on the monotonic clock.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider time;
    private readonly long start;
    private readonly TimeSpan span;

    public Deadline(TimeProvider time, TimeSpan span)
    {
        this.time = time;
        this.span = span;
        start = time.GetTimestamp();
    }

    /// <summary>Time that is left; zero once it is over; infinite when there is no end.</summary>
    public TimeSpan Left
    {
        get
        {
            if (span == Timeout.InfiniteTimeSpan) return span;
            TimeSpan left = span - time.GetElapsedTime(start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public bool IsOver => Left == TimeSpan.Zero;

    /// <summary>The shorter of what is left and <paramref name="other"/>.</summary>
    public TimeSpan AtMost(TimeSpan other)
    {
        TimeSpan left = Left;
        return left == Timeout.InfiniteTimeSpan || other < left ? other : left;
    }
}
