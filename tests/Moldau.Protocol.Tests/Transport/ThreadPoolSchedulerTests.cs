using System.Collections.Concurrent;
using Moldau.Protocol.Transport;

namespace Moldau.Protocol.Tests.Transport;

public sealed class ThreadPoolSchedulerTests
{
    private readonly ConcurrentQueue<(string Name, Exception Failure)> escaped = new();
    private readonly ThreadPoolScheduler scheduler;

    public ThreadPoolSchedulerTests() => scheduler = new(TimeProvider.System, (name, failure) => escaped.Enqueue((name, failure)));

    [Fact]
    public async Task An_exception_that_escapes_a_loop_is_reported_and_faults_its_task()
    {
        InvalidOperationException bug = new("bug");
        Assert.Same(bug, await Assert.ThrowsAsync<InvalidOperationException>(() => scheduler.Start("loop", () => throw bug)));
        Assert.Equal([("loop", bug)], escaped);
    }

    [Fact]
    public async Task A_cancelled_loop_ends_without_a_report()
    {
        using CancellationTokenSource source = new();
        Task loop = scheduler.Start("loop", () => scheduler.Delay(Timeout.InfiniteTimeSpan, source.Token));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
        Assert.Empty(escaped);
    }

    [Fact]
    public async Task A_failure_of_blocking_work_is_the_callers()
    {
        await Assert.ThrowsAsync<IOException>(() => scheduler.RunBlocking(() => throw new IOException("device")));
        Assert.Empty(escaped);
    }

    [Fact]
    public async Task A_loop_does_not_begin_on_the_callers_stack()
    {
        using ManualResetEventSlim returned = new();
        Task loop = scheduler.Start("loop", () =>
        {
            returned.Wait(TestContext.Current.CancellationToken);
            return Task.CompletedTask;
        });
        returned.Set();
        await loop;
    }

    [Fact]
    public async Task Blocking_work_runs_side_by_side_up_to_the_bound_and_all_of_it_ends()
    {
        const int Pieces = Limits.BlockingThreads * 3;
        using CountdownEvent together = new(Limits.BlockingThreads);
        int running = 0;
        int most = 0;
        Task[] all = new Task[Pieces];
        for (int i = 0; i < Pieces; i++)
        {
            all[i] = scheduler.RunBlocking(() =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (!together.IsSet) together.Signal();
                together.Wait(TestContext.Current.CancellationToken);
                Interlocked.Decrement(ref running);
            });
        }

        await Task.WhenAll(all);
        Assert.Equal(Limits.BlockingThreads, most);
    }

    [Fact]
    public void Random_bytes_differ()
    {
        byte[] first = new byte[32];
        byte[] second = new byte[32];
        scheduler.FillRandom(first);
        scheduler.FillRandom(second);
        Assert.NotEqual(first, second);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
