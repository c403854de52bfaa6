using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>The project's own producer, as an application uses it. Within its delivery timeout it has to deliver everything, once and in order.</summary>
internal sealed class LibraryProducer(SimulatedProcess process, ClusterLedger ledger, string topic, int partitions)
{
    private readonly SortedDictionary<Partition, int> next = [];
    private readonly List<Task> deliveries = [];

    public async Task RunAsync(int records)
    {
        for (int i = 0; i < partitions; i++) ledger.Of(new Partition(topic, i)).AddIdempotent(process.Host.Name);
        await using KafkaClient client = new(ClientOptions.For(SimulatedNode.Address), process.Transport, process.Scheduler);
        await using Producer producer = new(client, new ProducerOptions
        {
            BlockTimeout = TimeSpan.FromMinutes(20),
            DeliveryTimeout = TimeSpan.FromMinutes(20),
            Linger = process.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)),
        });
        for (int i = 0; i < records; i++)
        {
            await SendAsync(producer);
            if (process.Random.Chance(300)) await process.Scheduler.Delay(process.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        }

        foreach (Task delivery in deliveries) await delivery;
    }

    private async Task SendAsync(Producer producer)
    {
        Partition partition = new(topic, process.Random.Below(partitions));
        int number = next.GetValueOrDefault(partition);
        string value = ProducedValue.Of(process.Host.Name, number);
        next[partition] = number + 1;
        ProducerRecord record = new(topic, Encoding.UTF8.GetBytes(value)) { Partition = partition.Index };
        Delivery delivery = await producer.SendAsync(record);
        deliveries.Add(process.Scheduler.Start("delivery", () => HearAsync(partition, value, delivery)));
    }

    private async Task HearAsync(Partition partition, string value, Delivery delivery)
    {
        DeliveryReport report = await delivery;
        process.Note(string.Create(CultureInfo.InvariantCulture, $"has delivered {value} to {partition} at {report.Offset}"));
        if (report.Offset >= 0) ledger.Of(partition).Acknowledge(report.Offset, [value]);
    }
}
