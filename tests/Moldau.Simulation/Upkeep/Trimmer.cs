using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulation.Clients;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Upkeep;

/// <summary>Deletes the beginning of logs. What was deleted never comes back, and nothing else is ever missing.</summary>
internal sealed class Trimmer(SimulatedProcess process, ClusterLedger ledger, string topic, int partitions, Action acknowledged)
{
    public async Task RunAsync(int deletions)
    {
        await using KafkaClient client = ManagedClient.On(process);
        for (int i = 0; i < deletions; i++)
        {
            var partition = new TopicPartition(topic, process.Random.Below(partitions));
            await TrimAsync(client, partition);
            await process.Scheduler.Delay(process.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)));
        }
    }

    /// <summary>Where a log begins now, held against what was deleted.</summary>
    public static async Task<long> StartAsync(KafkaClient client, TopicPartition partition, PartitionLedger known)
    {
        long start = await OffsetAsync(client, partition, OffsetSpec.Earliest);
        known.Trimmed(start);
        return start;
    }

    private async Task TrimAsync(KafkaClient client, TopicPartition partition)
    {
        PartitionLedger known = ledger.Of(new Partition(partition.Topic, partition.Partition));
        long start = await StartAsync(client, partition, known);
        long end = await OffsetAsync(client, partition, OffsetSpec.Latest);
        long before = start + (end > start ? process.Random.Below((int)(end - start) + 1) : 0);
        known.AskTrim(before);
        ListedOffset now = (await client.Admin.Partitions.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [partition] = before })).Single();
        if (now.Error != ErrorCode.None) throw new BrokenPromiseException($"{partition}: records before {before} of {start} to {end} are not deleted: {now.Error.KafkaName()}");
        known.Trimmed(now.Offset);
        acknowledged();
        if (now.Offset < before) throw new BrokenPromiseException($"{partition}: records before {before} were to be deleted, and the log begins at {now.Offset}");
    }

    private static async Task<long> OffsetAsync(KafkaClient client, TopicPartition partition, OffsetSpec spec)
    {
        ListedOffset listed = (await client.Admin.Partitions.ListOffsetsAsync([partition], spec)).Single();
        return listed.Error == ErrorCode.None ? listed.Offset : throw new BrokenPromiseException($"{partition}: {spec} is not told: {listed.Error.KafkaName()}");
    }
}
