using System.Text;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>The managed client's consumer in a group: it polls for good, commits by itself, and begins a new life at random.</summary>
internal sealed class ManagedMember(SimulatedProcess process, ClusterLedger ledger, string group, string topic)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>What it was given, by partition.</summary>
    public SortedDictionary<Partition, SortedSet<long>> Seen { get; } = [];

    /// <summary>Whether it may leave and come back.</summary>
    public required Func<bool> MayLeave { get; init; }

    public async Task RunAsync()
    {
        await using KafkaClient client = ManagedClient.On(process);
        while (true) await LiveAsync(client);
    }

    private async Task LiveAsync(KafkaClient client)
    {
        var options = new ConsumerOptions { GroupId = group, OffsetReset = OffsetReset.Earliest, AutoCommitInterval = TimeSpan.FromSeconds(1), SessionTimeout = TimeSpan.FromSeconds(10) };
        await using var consumer = new Consumer(client, options);
        consumer.Subscribe([topic]);
        while (!MayLeave() || !process.Random.Chance(20))
        {
            foreach (ConsumedRecord record in await ManagedClient.PollAsync(consumer, Poll)) Note(record);
        }
    }

    private void Note(ConsumedRecord record)
    {
        var partition = new Partition(record.Partition.Topic, record.Partition.Partition);
        ledger.Of(partition).Read(record.Offset, Encoding.UTF8.GetString(record.Value.Span));
        if (!Seen.TryGetValue(partition, out SortedSet<long>? offsets)) Seen[partition] = offsets = [];
        offsets.Add(record.Offset);
    }
}
