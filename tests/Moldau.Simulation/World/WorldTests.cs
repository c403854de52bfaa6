using Moldau.Simulated;

namespace Moldau.Simulation.World;

public sealed class WorldTests
{
    [Fact]
    public void A_world_where_nothing_can_happen_any_more_is_reported_with_its_seed()
    {
        using SimulatedWorld world = new(7);
        SimulationException stuck = Assert.Throws<SimulationException>(() => world.Run(() => new TaskCompletionSource().Task));
        Assert.Contains("seed 7: stuck", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_that_takes_too_long_is_reported()
    {
        using SimulatedWorld world = new(7);
        SimulationException late = Assert.Throws<SimulationException>(() =>
            world.Run(() => world.Driver.Scheduler.Delay(TimeSpan.FromDays(2)), TimeSpan.FromDays(1)));
        Assert.Contains("not done", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_that_escapes_a_loop_fails_the_world()
    {
        using SimulatedWorld world = new(7);
        SimulationException found = Assert.Throws<SimulationException>(() => world.Run(async () =>
        {
            SimulatedProcess node = world.AddHost("node").Start();
            _ = node.Scheduler.Start("the loop", () => throw new InvalidDataException("bug"));
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(1));
        }));
        Assert.Contains("InvalidDataException escaped the loop on node: bug", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_of_a_timer_fails_the_world()
    {
        using SimulatedWorld world = new(7);
        SimulationException found = Assert.Throws<SimulationException>(() => world.Run(async () =>
        {
            using ITimer timer = world.Driver.Scheduler.Time.CreateTimer(_ => throw new InvalidDataException("bug"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(2));
        }));
        Assert.IsType<InvalidDataException>(found.InnerException!.InnerException);
    }

    [Fact]
    public void Code_that_leaves_the_scheduler_is_caught()
    {
        using SimulatedWorld world = new(7);
        SimulationException found = Assert.Throws<SimulationException>(() => world.Run(async () =>
        {
            Task outside = Task.Run(() => { });
            // Spins in virtual time until the real thread has come back.
            Task inside = Task.Run(async () => await outside);
            _ = world.Driver.Scheduler.Start("stray", async () => await Task.Run(() => Thread.Yield()));
            while (true) await Task.Yield();
        }));
        Assert.Contains("left the scheduler", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_delay_throws_and_its_time_does_not_pass()
    {
        using SimulatedWorld world = new(7);
        world.Run(async () =>
        {
            using CancellationTokenSource source = new();
            Task delay = world.Driver.Scheduler.Delay(TimeSpan.FromHours(1), source.Token);
            source.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delay);
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.InRange(world.NowTicks, TimeSpan.TicksPerSecond, 2 * TimeSpan.TicksPerSecond);
    }

    [Fact]
    public void Time_jumps_over_what_would_be_waited_for()
    {
        using SimulatedWorld world = new(7);
        List<int> order = [];
        world.Run(async () =>
        {
            async Task Wait(int hours)
            {
                await world.Driver.Scheduler.Delay(TimeSpan.FromHours(hours));
                order.Add(hours);
            }

            await Task.WhenAll(Wait(3), Wait(1), Wait(2));
        }, TimeSpan.FromHours(4));
        Assert.Equal([1, 2, 3], order);
    }

    [Fact]
    public void Periodic_timers_fire_until_they_are_disposed()
    {
        using SimulatedWorld world = new(7);
        int ticks = 0;
        world.Run(async () =>
        {
            ITimer timer = world.Driver.Scheduler.Time.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(5.5));
            timer.Dispose();
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(5));
        });
        Assert.Equal(5, ticks);
    }

    [Fact]
    public void A_moved_clock_moves_wall_time_and_not_timers()
    {
        using SimulatedWorld world = new(7);
        SimulatedHost host = world.AddHost("node");
        world.Run(async () =>
        {
            TimeProvider time = host.Start().Scheduler.Time;
            DateTimeOffset before = time.GetUtcNow();
            long stamp = time.GetTimestamp();
            host.MoveClock(TimeSpan.FromHours(-1));
            Assert.InRange(time.GetUtcNow() - before, TimeSpan.FromHours(-1), TimeSpan.FromMinutes(-59));
            Assert.Equal(TimeSpan.Zero, time.GetElapsedTime(stamp));
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            Assert.InRange(time.GetElapsedTime(stamp).TotalSeconds, 1, 1.1);
        });
    }

    [Fact]
    public void Blocking_work_runs_later_and_its_failure_is_the_callers()
    {
        using SimulatedWorld world = new(7);
        world.Run(async () =>
        {
            bool ran = false;
            Task work = world.Driver.Scheduler.RunBlocking(() => ran = true);
            Assert.False(ran);
            await work;
            Assert.True(ran);
            await Assert.ThrowsAsync<IOException>(() => world.Driver.Scheduler.RunBlocking(() => throw new IOException("device")));
        });
    }

    [Fact]
    public void What_is_ready_at_the_same_time_runs_in_an_order_of_the_seeds()
    {
        HashSet<string> orders = [];
        for (ulong seed = 0; seed < 100; seed++)
        {
            using SimulatedWorld world = new(seed);
            string order = "";
            world.Run(async () =>
            {
                async Task Step(char name)
                {
                    await Task.Yield();
                    order += name;
                }

                await Task.WhenAll(Step('a'), Step('b'), Step('c'));
            });
            orders.Add(order);
        }

        Assert.Equal(6, orders.Count);
    }
}
