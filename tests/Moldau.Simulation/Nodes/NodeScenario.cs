using Moldau.Simulated;
using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Nodes;

/// <summary>One whole node, with producers and a reader; the power goes out under them, and comes back.</summary>
internal static class NodeScenario
{
    private static readonly Partition Numbers = new("numbers", 0);

    /// <summary>Plays it and returns the trace hash.</summary>
    public static ulong Play(ulong seed, Action<string>? lines = null)
    {
        using SimulatedWorld world = new(seed);
        world.Trace.Lines = lines;
        SimulatedNode node = new(world, "node");
        PartitionLedger ledger = new(Numbers.ToString());
        world.Run(async () =>
        {
            await node.StartAsync();
            SimulatedProcess reader = world.AddHost("reader").Start();
            _ = reader.Scheduler.Start("read", new Reader(reader, Numbers, ledger).RunAsync);
            List<Task> producing = [];
            for (int i = 0; i < 2; i++)
            {
                SimulatedProcess producer = world.AddHost($"producer{i}").Start();
                producing.Add(producer.Scheduler.Start("produce", new PlainProducer(producer, Numbers, ledger, batches: 10).RunAsync));
            }

            while (ledger.Acknowledged < 10) await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(10));
            node.Host.PowerCut();
            await node.StartAsync();
            await Task.WhenAll(producing);
            node.Host.PowerCut();
            await node.StartAsync();
            ledger.Compare(await new Reader(world.Driver, Numbers, ledger).ReadAllAsync());
        });
        return world.Trace.Hash;
    }
}
