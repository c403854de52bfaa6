using Moldau.Load.Compare.Brokers;

namespace Moldau.Load.Compare.Wire;

/// <summary>Writes what other measurements need to find, as fast as it is taken.</summary>
internal static class Filling
{
    private const int Connections = 4, Depth = 5;

    /// <summary>Writes at least so many bytes, and at least one batch to each partition.</summary>
    public static async Task WriteAsync(TestTopic topic, BatchTemplate batch, PartitionLedger ledger, long bytes)
    {
        // Each connection has its own partitions and writes to them in turn: the same for all of them, so that partitions are filled evenly.
        int connections = Math.Min(Connections, topic.Partitions);
        long each = (bytes / batch.Bytes.Length / connections) + 1;
        long atLeast = (topic.Partitions + connections - 1) / connections;
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, new ProducePlan(batch, connections, Depth, 1), ledger, _ => RequestBudget.OfCount(Math.Max(each, atLeast)));
        await ReplayLoop.RunAsync(load.Connections);
    }
}
