using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// Goes through a compacted topic from its beginning, and begins anew at random: while it goes on, each key's writes come in their order, and once it has caught up it has
/// been given the newest of each.
/// </summary>
internal sealed class TableReader(SimulatedProcess process, string topic, IReadOnlyList<TableLedger> ledgers)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private readonly List<SortedDictionary<string, int>> seen = [.. ledgers.Select(static _ => new SortedDictionary<string, int>(StringComparer.Ordinal))];

    /// <summary>Whether it may begin anew.</summary>
    public required Func<bool> MayRestart { get; init; }

    /// <summary>Whether it has been given the newest acknowledged write of each key, or a later one.</summary>
    public bool HasCaughtUp => ledgers.Select((ledger, i) => ledger.IsCovered(seen[i])).All(static isCovered => isCovered);

    public async Task RunAsync()
    {
        await using KafkaClient client = ManagedClient.On(process);
        while (true)
        {
            // Small fetches begin at many offsets.
            int bytes = process.Random.Pick([1, 500, 1_000_000]);
            await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest, PartitionBytesMax = bytes });
            consumer.Assign(Enumerable.Range(0, ledgers.Count).Select(i => new TopicPartition(topic, i)));
            foreach (SortedDictionary<string, int> numbers in seen) numbers.Clear();
            do
            {
                foreach (ConsumedRecord record in await ManagedClient.PollAsync(consumer, Poll)) Note(record);
            }
            while (!MayRestart() || !process.Random.Chance(50));
        }
    }

    /// <summary>Everything in a partition at this moment.</summary>
    public async Task<List<TableEntry>> ReadAllAsync(int partition)
    {
        await using KafkaClient client = ManagedClient.On(process);
        var name = new TopicPartition(topic, partition);
        long end = (await client.Admin.Partitions.ListOffsetsAsync([name], OffsetSpec.Latest)).Single().Offset;
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest, PartitionBytesMax = 1 });
        consumer.Assign([name]);
        List<TableEntry> content = [];
        while (consumer.Position(name) is not { } position || position < end)
        {
            foreach (ConsumedRecord record in await ManagedClient.PollAsync(consumer, Poll)) content.Add(new TableEntry(record.Offset, record.TimestampMs, TableRecords.Decode(record)));
        }

        return content;
    }

    private void Note(ConsumedRecord record)
    {
        TableWrite write = TableRecords.Decode(record);
        int partition = record.Partition.Partition;
        ledgers[partition].Read(record.Offset, write);
        SortedDictionary<string, int> numbers = seen[partition];
        if (write.IsShared) return;
        if (numbers.TryGetValue(write.Key, out int before) && before >= write.Number)
        {
            throw new BrokenPromiseException($"{record.Partition}: {write} at offset {record.Offset} is given out after {before} of the same key");
        }

        numbers[write.Key] = write.Number;
    }
}
