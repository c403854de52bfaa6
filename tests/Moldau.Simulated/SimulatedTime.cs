namespace Moldau.Simulated;

/// <summary>The clock of a process: wall time may be moved, timestamps and timers are monotonic. Timers fire in the process.</summary>
internal sealed class SimulatedTime(SimulatedProcess process) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => process.Host.Now;

    public override long GetTimestamp() => process.World.NowTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        SimulatedTimer timer = new(process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimulatedTimer(SimulatedProcess process, TimerCallback callback, object? state) : ITimer
    {
        private WorldEvent? next;
        private TimeSpan period;
        private bool disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (disposed) return false;
            Cancel();
            this.period = period;
            if (dueTime != Timeout.InfiniteTimeSpan) next = process.World.After(dueTime, process, Fire);
            return true;
        }

        public void Dispose()
        {
            disposed = true;
            Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire()
        {
            next = null;
            if (period > TimeSpan.Zero) next = process.World.After(period, process, Fire);
            callback(state);
        }

        private void Cancel()
        {
            if (next is not null) next.Cancelled = true;
            next = null;
        }
    }
}
