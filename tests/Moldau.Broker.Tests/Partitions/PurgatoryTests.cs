using Moldau.Broker.Partitions;
using Moldau.Simulated;

namespace Moldau.Broker.Tests.Partitions;

public sealed class PurgatoryTests
{
    [Fact]
    public void A_cancelled_wait_throws_and_leaves_nothing_behind() => Run(async (purgatory, _) =>
    {
        using var cancellation = new CancellationTokenSource();
        Task wait = purgatory.WaitAsync(new Waiter(), purgatory.DeadlineAfter(TimeSpan.FromHours(1)), cancellation.Token).AsTask();
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(0, purgatory.Count);
    });

    [Fact]
    public void A_wait_that_nobody_wakes_ends_at_its_deadline() => Run(async (purgatory, world) =>
    {
        long before = world.NowTicks;
        Assert.False(await purgatory.WaitAsync(new Waiter(), purgatory.DeadlineAfter(TimeSpan.FromSeconds(3)), default));
        Assert.InRange(world.NowTicks - before, TimeSpan.FromSeconds(3).Ticks, TimeSpan.FromSeconds(4).Ticks);
    });

    [Fact]
    public void A_waiter_woken_before_it_waits_does_not_wait() => Run(async (purgatory, _) =>
    {
        var waiter = new Waiter();
        var watchers = new Watchers();
        watchers.Add(waiter);
        watchers.Wake();
        Assert.True(await purgatory.WaitAsync(waiter, purgatory.DeadlineAfter(TimeSpan.FromHours(1)), default));
    });

    [Fact]
    public void A_waiter_ends_once() => Run((_, _) =>
    {
        var waiter = new Waiter();
        Assert.True(waiter.TryEnd(true));
        Assert.False(waiter.TryEnd(false));
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Deadlines_are_kept_whatever_is_woken_before_them(ulong seed) => Run(
        async (purgatory, world) =>
        {
            List<Task> waits = [];
            for (int i = 0; i < 300; i++)
            {
                var waiter = new Waiter();
                TimeSpan delay = world.Random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(20));
                bool isWoken = world.Random.Chance(400);
                waits.Add(CheckAsync(waiter, delay, isWoken));
                if (isWoken) waits.Add(WakeAsync(waiter, delay / 2));
            }

            await Task.WhenAll(waits);
            Assert.Equal(0, purgatory.Count);

            async Task CheckAsync(Waiter waiter, TimeSpan delay, bool isWoken)
            {
                long before = world.NowTicks;
                Assert.Equal(isWoken, await purgatory.WaitAsync(waiter, purgatory.DeadlineAfter(delay), default));
                if (!isWoken) Assert.InRange(world.NowTicks - before, delay.Ticks, delay.Ticks + TimeSpan.FromMilliseconds(100).Ticks);
            }

            async Task WakeAsync(Waiter waiter, TimeSpan delay)
            {
                await world.Driver.Scheduler.Delay(delay);
                waiter.TryEnd(true);
            }
        },
        seed);

    private static void Run(Func<Purgatory, SimulatedWorld, Task> scenario, ulong seed = 1)
    {
        using var world = new SimulatedWorld(seed);
        using var purgatory = new Purgatory(world.Driver.Scheduler.Time);
        world.Run(() => scenario(purgatory, world));
    }
}
