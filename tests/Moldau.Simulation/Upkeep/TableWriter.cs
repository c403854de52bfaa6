using System.Globalization;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Simulated;
using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Upkeep;

/// <summary>Writes keys of its own over and over, in order, and one that others write too; deletes one from time to time.</summary>
internal sealed class TableWriter(SimulatedProcess process, string topic, IReadOnlyList<TableLedger> ledgers, Action acknowledged)
{
    private readonly int[] next = new int[ledgers.Count];

    public async Task RunAsync(int writes)
    {
        SeededRandom random = process.Random;
        int keys = 1 + random.Below(6);
        await using KafkaClient client = ManagedClient.On(process);
        // One at a time: the cleaner keeps the last batch of a producer, as Kafka's does. Whoever repeats an older one after a restart is told that it is out of order.
        var options = new ProducerOptions
        {
            DeliveryTimeout = ManagedClient.Patience,
            BlockTimeout = ManagedClient.Patience,
            BatchBytes = random.Pick([1, 300, 16_384]),
            InFlightMax = 1,
        };
        await using var producer = new Producer(client, options);
        List<Task> settling = [];
        for (int i = 0; i < writes; i++)
        {
            int partition = random.Below(ledgers.Count);
            string key = random.Chance(300) ? TableWrite.SharedKey : string.Create(CultureInfo.InvariantCulture, $"{process.Host.Name}/{random.Below(keys)}");
            var write = new TableWrite(process.Host.Name, key, next[partition]++, random.Chance(150));
            Delivery delivery = await producer.SendAsync(TableRecords.Encode(topic, partition, write, random.Pick([1, 30, 400])));
            settling.Add(SettleAsync(delivery, ledgers[partition], write));
            if (random.Chance(600)) await process.Scheduler.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(400)));
        }

        await Task.WhenAll(settling);
    }

    private async Task SettleAsync(Delivery delivery, TableLedger ledger, TableWrite write)
    {
        DeliveryReport report = await delivery;
        if (report.Offset < 0) return;
        ledger.Acknowledge(report.Offset, write);
        acknowledged();
    }
}
