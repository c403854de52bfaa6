namespace Moldau.Client.Connections;

/// <summary>Notices that a request of a connection is overdue. One timer serves all: it is set to the earliest deadline it has been told of.</summary>
internal sealed class RequestWatch : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly RequestQueue requests;
    private readonly Action<string> overdue;
    private readonly ITimer timer;
    private long armed = long.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="requests">What is watched.</param>
    /// <param name="overdue">Told once, in words.</param>
    public RequestWatch(TimeProvider time, RequestQueue requests, Action<string> overdue)
    {
        this.time = time;
        this.requests = requests;
        this.overdue = overdue;
        timer = time.CreateTimer(static self => ((RequestWatch)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Watch(long deadline)
    {
        lock (gate)
        {
            if (deadline >= armed) return;
            Arm(deadline);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        lock (gate)
        {
            armed = long.MaxValue;
            if (requests.EarliestDeadline() is not { } earliest) return;
            if (earliest > time.GetTimestamp())
            {
                Arm(earliest);
                return;
            }
        }

        overdue("the broker did not answer in time");
    }

    private void Arm(long deadline)
    {
        armed = deadline;
        double seconds = Math.Max(0, deadline - time.GetTimestamp()) / (double)time.TimestampFrequency;
        // A timer counts whole milliseconds and drops the rest: one more keeps it from firing just too early.
        timer.Change(TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
