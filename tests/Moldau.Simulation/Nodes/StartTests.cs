using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Simulation.Nodes;

/// <summary>A disk that fails at any moment of a start: the node either starts all the same or says why it does not, and never waits for what cannot come.</summary>
public sealed class StartTests
{
    private const int OperationsOfAStart = 80;

    [Fact]
    public void A_flush_that_fails_while_a_new_node_starts_ends_the_start() => EachOperation(restart: false, static (disk, nth) => disk.Faults.FailFlush(nth));

    [Fact]
    public void A_flush_that_fails_while_a_node_starts_again_ends_the_start() => EachOperation(restart: true, static (disk, nth) => disk.Faults.FailFlush(nth));

    [Fact]
    public void A_write_that_fails_while_a_new_node_starts_ends_the_start() => EachOperation(restart: false, static (disk, nth) => disk.Faults.FailWrite(nth));

    [Fact]
    public void A_full_disk_while_a_node_starts_again_ends_the_start() => EachOperation(restart: true, static (disk, nth) => disk.Faults.FailWrite(nth, DiskFailure.Full));

    private static void EachOperation(bool restart, Action<Simulated.Disk.SimulatedDisk, int> arm)
    {
        int failed = 0;
        for (int nth = 1; nth <= OperationsOfAStart; nth++)
        {
            using SimulatedWorld world = new((ulong)nth);
            SimulatedHost host = world.AddHost(SimulatedNode.Name);
            int operation = nth;
            world.Run(async () =>
            {
                if (restart)
                {
                    Assert.True(await StartsAsync(host));
                    host.Kill();
                }

                arm(host.Disk, operation);
                if (!await StartsAsync(host)) failed++;
                host.Disk.Faults.Clear();
                host.PowerCut();
                Assert.True(await StartsAsync(host));
            }, TimeSpan.FromMinutes(2));
        }

        Assert.InRange(failed, 3, OperationsOfAStart);
    }

    private static async Task<bool> StartsAsync(SimulatedHost host)
    {
        SimulatedProcess process = host.Start();
        var node = new BrokerNode(NodeOptions.Parse(SimulatedNode.DefaultProperties()), process.Transport, process.Files, process.Scheduler, NullLoggerFactory.Instance);
        bool started = false;
        await process.Scheduler.Start("start", async () =>
        {
            try
            {
                await node.StartAsync();
                started = true;
            }
            catch (IOException)
            {
                Assert.Equal(NodeExit.Failed, await node.Completion);
            }
        });
        return started;
    }
}
