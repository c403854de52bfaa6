using System.Text;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>
/// The managed client's producer, idempotent and pipelined: whatever happens to node and network, each of its records comes to be in the log once, in its order.
/// </summary>
internal sealed class ManagedProducer(SimulatedProcess process, ClusterLedger ledger, string topic)
{
    private readonly SortedDictionary<int, int> next = [];
    private readonly List<Task> settling = [];

    public async Task RunAsync(int records, int partitions)
    {
        SeededRandom random = process.Random;
        await using KafkaClient client = ManagedClient.On(process);
        var options = new ProducerOptions { DeliveryTimeout = ManagedClient.Patience, BlockTimeout = ManagedClient.Patience, BatchBytes = random.Pick([1, 200, 16_384]) };
        await using var producer = new Producer(client, options);
        for (int i = 0; i < partitions; i++) ledger.Of(new Partition(topic, i)).AddIdempotent(process.Host.Name);
        for (int i = 0; i < records; i++)
        {
            int partition = random.Below(partitions);
            int number = next.GetValueOrDefault(partition);
            next[partition] = number + 1;
            string value = ProducedValue.Of(process.Host.Name, number);
            Delivery delivery = await producer.SendAsync(new ProducerRecord(topic, Encoding.UTF8.GetBytes(value)) { Partition = partition });
            settling.Add(SettleAsync(delivery, new Partition(topic, partition), value));
            if (random.Chance(400)) await process.Scheduler.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        }

        await Task.WhenAll(settling);
    }

    private async Task SettleAsync(Delivery delivery, Partition partition, string value)
    {
        DeliveryReport report = await delivery;
        // A repeated batch that the node remembers as an older one comes back without its offset.
        if (report.Offset >= 0) ledger.Of(partition).Acknowledge(report.Offset, [value]);
    }
}
