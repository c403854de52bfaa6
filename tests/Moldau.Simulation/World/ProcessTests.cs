using Moldau.Protocol.Transport;
using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Simulation.World;

public sealed class ProcessTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_of_an_ended_process_runs_on(bool powerCut)
    {
        using SimulatedWorld world = new(3);
        SimulatedHost host = world.AddHost("node");
        int steps = 0;
        world.Run(async () =>
        {
            SimulatedProcess process = host.Start();
            _ = process.Scheduler.Start("loop", async () =>
            {
                while (true)
                {
                    await process.Scheduler.Delay(TimeSpan.FromMilliseconds(10));
                    await process.Scheduler.RunBlocking(() => steps++);
                    await Task.Yield();
                }
            });
            using ITimer timer = process.Scheduler.Time.CreateTimer(_ => steps++, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(7));
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(1));
            if (powerCut) host.PowerCut();
            else host.Kill();
            await process.Ended;
            int then = steps;
            Assert.True(then > 10);
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal(then, steps);
        });
    }

    [Fact]
    public void What_was_ready_to_run_when_its_process_ended_does_not_run()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            using SimulatedWorld world = new(seed);
            SimulatedHost host = world.AddHost("node");
            int steps = 0;
            world.Run(async () =>
            {
                _ = host.Start().Scheduler.Start("spinning", async () =>
                {
                    while (true)
                    {
                        steps++;
                        await Task.Yield();
                    }
                });
                await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(1));
                host.Kill();
                int then = steps;
                Assert.True(then > 10);
                await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(1));
                Assert.Equal(then, steps);
            });
        }
    }

    [Fact]
    public void A_process_whose_disk_loses_power_is_unwound_and_reports_nothing()
    {
        using SimulatedWorld world = new(3);
        SimulatedHost host = world.AddHost("node");
        bool went_on = false;
        world.Run(async () =>
        {
            SimulatedProcess process = host.Start();
            host.Disk.CutAt(5);
            _ = process.Scheduler.Start("writer", async () =>
            {
                using IFile file = process.Files.Open("/a", FileOpen.CreateEmpty);
                for (int i = 0; ; i++)
                {
                    file.Write(i, "x"u8);
                    await Task.Yield();
                    if (i > 10) went_on = true;
                }
            });
            await process.Ended;
            Assert.Null(host.Process);
            Assert.False(host.HasPower);
            await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(1));
            host.Start();
        });
        Assert.False(went_on);
        Assert.True(host.HasPower);
    }

    [Fact]
    public void A_process_that_was_cut_off_in_the_middle_can_neither_send_nor_listen_nor_connect()
    {
        using SimulatedWorld world = new(3);
        SimulatedHost host = world.AddHost("node");
        List<Type> thrown = [];
        world.Run(async () =>
        {
            SimulatedProcess process = host.Start();
            _ = process.Scheduler.Start("careless", async () =>
            {
                IListener listener = process.Transport.Listen("node", 1);
                host.PowerCut();
                thrown.Add(Record.Exception(() => process.Transport.Listen("node", 2))!.GetType());
                thrown.Add((await Record.ExceptionAsync(async () => await process.Transport.ConnectAsync("driver", 1, default)))!.GetType());
                thrown.Add(Record.Exception(() => process.Files.FileExists("/a"))!.GetType());
                listener.Dispose();
            });
            await process.Ended;
        });
        Assert.Equal([typeof(PowerCutException), typeof(PowerCutException), typeof(PowerCutException)], thrown);
    }

    [Fact]
    public void A_killed_process_leaves_its_writes_to_the_next_and_a_power_cut_may_not()
    {
        HashSet<bool> kept = [];
        for (ulong seed = 0; seed < 60; seed++)
        {
            using SimulatedWorld world = new(seed);
            SimulatedHost host = world.AddHost("node");
            world.Run(() =>
            {
                using (IFile file = host.Start().Files.Open("/a", FileOpen.CreateEmpty)) file.Write(0, "x"u8);
                host.Kill();
                Assert.True(host.Start().Files.FileExists("/a"));
                host.PowerCut();
                kept.Add(host.Start().Files.FileExists("/a"));
                return Task.CompletedTask;
            });
        }

        Assert.Equal(2, kept.Count);
    }
}
