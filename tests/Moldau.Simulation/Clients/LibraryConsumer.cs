using System.Text;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>The project's own consumer in a group, as an application uses it: what it has processed it commits, so that the group misses nothing.</summary>
internal sealed class LibraryConsumer(SimulatedProcess process, ClusterLedger ledger, GroupLedger group, string groupId, string topic)
{
    public async Task RunAsync()
    {
        await using KafkaClient client = new(ClientOptions.For(SimulatedNode.Address), process.Transport, process.Scheduler);
        await using Consumer consumer = new(client, new ConsumerOptions
        {
            GroupId = groupId,
            OffsetReset = OffsetReset.Earliest,
            AutoCommit = false,
            SessionTimeout = TimeSpan.FromSeconds(10),
            PollRecordsMax = 1 + process.Random.Below(20),
        });
        consumer.Subscribe([topic]);
        while (true)
        {
            try
            {
                await PollAsync(consumer);
            }
            catch (KafkaException refused) when (IsExpected(refused))
            {
                process.Note($"is told {refused.Message}");
                await process.Scheduler.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private async Task PollAsync(Consumer consumer)
    {
        IReadOnlyList<ConsumedRecord> records = await consumer.PollAsync(TimeSpan.FromMilliseconds(500));
        foreach (ConsumedRecord record in records)
        {
            Partition partition = new(record.Partition.Topic, record.Partition.Partition);
            ledger.Of(partition).Read(record.Offset, Encoding.UTF8.GetString(record.Value.Span));
            group.Processed(partition).Add(record.Offset);
        }

        if (records.Count > 0) await consumer.CommitAsync();
    }

    // What passes, and what a member is told whose partitions have gone to others.
    private static bool IsExpected(KafkaException refused) =>
        refused.IsRetriable || refused.Code is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress;
}
