using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Simulation.Nodes;

/// <summary>What goes wrong around a node, drawn from the seed, one thing after the other.</summary>
internal sealed class NodeFaults(SimulatedWorld world, SimulatedNode node, IReadOnlyList<SimulatedHost> clients)
{
    private readonly SeededRandom random = world.Random.Fork();
    private int untilCut; // acknowledgements until the power goes out; 0: none is counted

    /// <summary>Lets so many things go wrong, with pauses between them.</summary>
    public async Task RunAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await PauseAsync(TimeSpan.FromSeconds(2));
            await NextAsync();
        }

        // Whatever is still armed has had its chance.
        untilCut = 0;
        node.Host.Disk.Faults.Clear();
        node.Host.Disk.CutAt(long.MaxValue);
        world.Network.Heal();
    }

    /// <summary>Something was acknowledged: the power may go out at that.</summary>
    public void CountDown()
    {
        if (untilCut > 0 && --untilCut == 0) node.Host.PowerCut();
    }

    private async Task NextAsync()
    {
        // The power goes out most often when something has just been promised or written: that is where a node can be wrong.
        switch (random.Below(16))
        {
            case 0:
                node.Host.PowerCut();
                break;
            case < 4:
                untilCut = 1 + random.Below(20);
                break;
            case < 7:
                node.Host.Disk.CutAt(node.Host.Disk.OperationCount + 1 + random.Below(60));
                break;
            case < 9:
                node.Host.Kill();
                break;
            case 9:
                node.Stop();
                break;
            case < 12:
                for (int i = random.Below(4); i >= 0; i--) world.Network.CutOne(node.Host);
                break;
            case 12:
                await BlockAsync();
                break;
            case 13:
                world.Network.Slow(random.Pick(clients), node.Host, random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
                break;
            case 14:
                random.Pick([node.Host, .. clients]).MoveClock(random.Between(TimeSpan.FromHours(-1), TimeSpan.FromHours(1)));
                break;
            default:
                FailDisk();
                break;
        }
    }

    private async Task BlockAsync()
    {
        SimulatedHost client = random.Pick(clients);
        bool there = random.Chance(600), back = !there || random.Chance(500);
        if (there) world.Network.Block(client, node.Host);
        if (back) world.Network.Block(node.Host, client);
        await PauseAsync(TimeSpan.FromSeconds(15));
        world.Network.Unblock(client, node.Host);
        world.Network.Unblock(node.Host, client);
    }

    private void FailDisk()
    {
        // A machine that is off has no disk to fail.
        if (node.Host.Process is null) return;
        node.DiskMayFail = true;
        node.DirectoryMayFail = node.Directories.Count > 1;
        int nth = 1 + random.Below(30);
        if (random.Chance(500)) node.Host.Disk.Faults.FailFlush(nth);
        else node.Host.Disk.Faults.FailWrite(nth, random.Chance(500) ? DiskFailure.Io : DiskFailure.Full);
    }

    private Task PauseAsync(TimeSpan most) => world.Driver.Scheduler.Delay(random.Between(TimeSpan.Zero, most));
}
