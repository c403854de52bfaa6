using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Runs;

/// <summary>Lets both runtimes compile what the cells will run: small requests, small batches and large ones, written and read.</summary>
internal static class Warmup
{
    private const int Partitions = 6, Connections = 6, Depth = 5;

    public static async Task RunAsync(BrokerUnderTest broker, TimeSpan time)
    {
        // Large batches get least of it: they are few, and fill the disk.
        (BatchTemplate Batch, double Part)[] kinds =
            [(BatchTemplate.OfCount(1, 100), 0.45), (BatchTemplate.OfBytes(8 * 1024, 100), 0.4), (BatchTemplate.OfBytes(256 * 1024, 1024), 0.15)];
        for (int i = 0; i < kinds.Length; i++)
        {
            await using TestTopic topic = await TestTopic.CreateAsync(broker, $"warmup-{i}", Partitions);
            var ledger = new PartitionLedger(Partitions);
            var budget = RequestBudget.OfTime(time * kinds[i].Part);
            using (ProduceLoad load = await ProduceLoad.ConnectAsync(topic, new ProducePlan(kinds[i].Batch, Connections, Depth, -1), ledger, _ => budget))
                await ReplayLoop.RunAsync(load.Connections);
            await Readback.RequireAsync(topic, ledger, kinds[i].Batch);
        }
    }
}
