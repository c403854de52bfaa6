using Microsoft.Extensions.Logging;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Directories;

/// <summary>
/// The store's background work, in one loop on the scheduler: recovery, log-start and high-watermark checkpoints, retention, <c>flush.ms</c>,
/// producer expiry, delayed deletions. It sleeps until the next is due; nothing per partition has a timer.
/// </summary>
internal sealed class Housekeeping
{
    private readonly LogStore store;
    private readonly Chore[] chores;
    private readonly Lock gate = new();
    private TaskCompletionSource wake = New();
    private Task loop = Task.CompletedTask;
    private bool stopping;

    public Housekeeping(LogStore store)
    {
        this.store = store;
        LogStoreOptions options = store.Options;
        chores =
        [
            new(options.RecoveryCheckpointIntervalMs, RecoveryPoints, static directory => directory.BytesSinceCheckpoint >= Limits.RecoveryScanBytesMax),
            new(options.LogStartCheckpointIntervalMs, LogStarts, static directory => directory.LogStartsChanged),
            new(options.HighWatermarkCheckpointIntervalMs, HighWatermarks),
            new(options.RetentionCheckIntervalMs, Retain),
            new(options.ProducerExpirationCheckIntervalMs, ExpireProducers),
            new(options.FlushCheckIntervalMs, FlushOverdue) { OnlyWhen = AnyFlushMs },
        ];
    }

    /// <summary>Begins the loop.</summary>
    public void Start()
    {
        long now = Now();
        foreach (Chore chore in chores) chore.DueMs = Later(now, chore.IntervalMs);
        loop = store.Scheduler.Start("log-housekeeping", RunAsync);
    }

    /// <summary>Looks at once whether something is due.</summary>
    public void Wake()
    {
        lock (gate) wake.TrySetResult();
    }

    /// <summary>Ends the loop after the chore it is at.</summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            stopping = true;
            wake.TrySetResult();
            return loop;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        while (true)
        {
            TaskCompletionSource woken;
            lock (gate)
            {
                if (stopping) return;
                if (wake.Task.IsCompleted) wake = New();
                woken = wake;
            }

            foreach (LogDirectory directory in store.Directories) await WorkAsync(directory);
            long now = Now();
            foreach (Chore chore in chores)
            {
                if (chore.DueMs <= now) chore.DueMs = Later(now, chore.IntervalMs);
            }

            // One thing to wait for, not Task.WhenAny: that would go on from a thread of the pool.
            await using ITimer alarm = store.Scheduler.Time.CreateTimer(
                static state => ((TaskCompletionSource)state!).TrySetResult(), woken, TimeSpan.FromMilliseconds(SleepMs(now)), Timeout.InfiniteTimeSpan);
            await woken.Task;
        }
    }

    private async Task WorkAsync(LogDirectory directory)
    {
        long now = Now();
        if (directory.Deletions.NextDueMs <= now)
            await store.Scheduler.RunBlocking(() => directory.Deletions.Run(now, (path, failure) => Log.NotRemoved(store.Logger, failure, path)));
        foreach (Chore chore in chores)
        {
            if (directory.IsOffline || stopping) return;
            bool due = chore.DueMs <= now && (chore.OnlyWhen is null || chore.OnlyWhen());
            if (!due && chore.AlsoWhen?.Invoke(directory) != true) continue;
            await store.Scheduler.RunBlocking(() => Guarded(directory, chore.Work));
        }
    }

    // The one place where a failure of background work is caught: the directory goes offline.
    private static void Guarded(LogDirectory directory, Action<LogDirectory> work)
    {
        try
        {
            work(directory);
        }
        catch (IOException broken)
        {
            directory.Fail(broken);
        }
    }

    private long SleepMs(long now)
    {
        long next = Later(now, Limits.HousekeepingSleepMs);
        foreach (Chore chore in chores)
        {
            if (chore.OnlyWhen is null || chore.OnlyWhen()) next = Math.Min(next, chore.DueMs);
        }

        foreach (LogDirectory directory in store.Directories) next = Math.Min(next, directory.Deletions.NextDueMs);
        return Math.Max(1, next - now);
    }

    private void RecoveryPoints(LogDirectory directory) => OffsetCheckpoints.WriteRecoveryPoints(directory, store.Logs);

    private void LogStarts(LogDirectory directory) => OffsetCheckpoints.WriteLogStarts(directory, store.Logs);

    private void HighWatermarks(LogDirectory directory)
    {
        if (!directory.HighWatermarksChanged) return;
        directory.HighWatermarksChanged = false;
        OffsetCheckpoints.WriteHighWatermarks(directory, store.Logs);
    }

    private void Retain(LogDirectory directory)
    {
        foreach (PartitionLog log in Own(directory)) Retain(log, store.Logger, Now());
    }

    /// <summary>Applies retention to a log. Blocking while the cleaner swaps segments of it.</summary>
    public static void Retain(PartitionLog log, ILogger logger, long nowMs)
    {
        int removed;
        lock (log.State.SwapGate)
        {
            LogState state = log.State;
            lock (state.Gate) removed = state.Closed ? 0 : LogRetention.Run(state, nowMs);
        }

        if (removed > 0) Log.Retained(logger, log.Partition, removed);
    }

    private void ExpireProducers(LogDirectory directory)
    {
        foreach (PartitionLog log in Own(directory))
        {
            LogState state = log.State;
            lock (state.Gate) state.Producers.Expire(Now(), store.ProducerExpirationMs);
        }
    }

    private void FlushOverdue(LogDirectory directory)
    {
        long now = Now();
        foreach (PartitionLog log in Own(directory))
        {
            LogState state = log.State;
            bool overdue;
            lock (state.Gate) overdue = state.UnflushedSinceMs >= 0 && state.Config.FlushMs < long.MaxValue && now - state.UnflushedSinceMs >= state.Config.FlushMs;
            if (overdue) log.RequestFlush();
        }
    }

    private bool AnyFlushMs() => store.AnyLog(static log => log.Config.FlushMs < long.MaxValue);

    private IEnumerable<PartitionLog> Own(LogDirectory directory) => store.Logs.Where(log => log.Directory == directory);

    private long Now() => store.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Later(long now, long intervalMs) => intervalMs > long.MaxValue - now ? long.MaxValue : now + intervalMs;

    /// <summary>A kind of work, done for each directory when its time has come, or when the directory asks for it.</summary>
    private sealed class Chore(long intervalMs, Action<LogDirectory> work, Predicate<LogDirectory>? alsoWhen = null)
    {
        public long IntervalMs => intervalMs;

        public Action<LogDirectory> Work => work;

        public Predicate<LogDirectory>? AlsoWhen => alsoWhen;

        public Func<bool>? OnlyWhen { get; init; }

        public long DueMs { get; set; }
    }
}
