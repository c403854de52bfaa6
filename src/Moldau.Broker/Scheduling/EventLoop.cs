using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Scheduling;

/// <summary>
/// One queue of work, done in order by one loop: the thread that a pure core belongs to. Between two pieces of work it does what is due by the clock. Work that
/// throws is a bug: it escapes to the scheduler, and the node ends.
/// </summary>
internal sealed class EventLoop
{
    private readonly string name;
    private readonly IScheduler scheduler;
    private readonly Purgatory deadlines;
    private readonly Func<long>? nextDeadlineMs;
    private readonly Action? tick;
    private readonly Lock gate = new();
    private readonly Queue<Action> work = new();
    private Waiter? idle;
    private Task? loop;
    private bool isStopping;

    /// <summary>A loop that has yet to be started.</summary>
    /// <param name="name">Names the loop in logs and simulation.</param>
    /// <param name="scheduler">Where it runs.</param>
    /// <param name="deadlines">Wakes it for <paramref name="tick"/>.</param>
    /// <param name="nextDeadlineMs">When <paramref name="tick"/> is due next, in milliseconds of <see cref="NowMs"/>.</param>
    /// <param name="tick">What is due by the clock.</param>
    public EventLoop(string name, IScheduler scheduler, Purgatory deadlines, Func<long>? nextDeadlineMs = null, Action? tick = null)
    {
        this.name = name;
        this.scheduler = scheduler;
        this.deadlines = deadlines;
        this.nextDeadlineMs = nextDeadlineMs;
        this.tick = tick;
    }

    /// <summary>Milliseconds of the monotonic clock.</summary>
    public long NowMs => (long)(scheduler.Time.GetTimestamp() / (double)scheduler.Time.TimestampFrequency * 1000);

    /// <summary>Begins the loop. Work posted before is done first.</summary>
    public void Start() => loop = scheduler.Start(name, RunAsync);

    /// <summary>Adds work; false when the loop is stopping and will not do it.</summary>
    public bool TryPost(Action action)
    {
        Waiter? woken;
        lock (gate)
        {
            if (isStopping) return false;
            // Whoever posts waits for an answer or holds back by itself: the queue is as long as the node has requests and commits under way.
            Invariant.That(work.Count < Limits.EventLoopQueue);
            work.Enqueue(action);
            woken = idle;
            idle = null;
        }

        woken?.TryEnd(true);
        return true;
    }

    /// <summary>Does what was posted before, then ends the loop.</summary>
    public async Task StopAsync()
    {
        Waiter? woken;
        lock (gate)
        {
            isStopping = true;
            woken = idle;
        }

        woken?.TryEnd(true);
        if (loop is not null) await loop;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            if (TakeNext(out Action? next, out Waiter? wait, out bool isDone))
            {
                next!();
                continue;
            }

            if (isDone) return;
            if (tick is not null && nextDeadlineMs!() <= NowMs)
            {
                tick();
                continue;
            }

            await WaitAsync(wait!);
        }
    }

    private bool TakeNext(out Action? next, out Waiter? wait, out bool isDone)
    {
        lock (gate)
        {
            wait = null;
            isDone = false;
            if (work.TryDequeue(out next)) return true;
            isDone = isStopping;
            idle = wait = new Waiter();
            return false;
        }
    }

    private async ValueTask WaitAsync(Waiter wait)
    {
        long due = nextDeadlineMs?.Invoke() ?? long.MaxValue;
        if (due == long.MaxValue) await wait.WaitAsync();
        else await deadlines.WaitAsync(wait, deadlines.DeadlineAfter(TimeSpan.FromMilliseconds(Math.Max(0, due - NowMs))), CancellationToken.None);
    }
}
