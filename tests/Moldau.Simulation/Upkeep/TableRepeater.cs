using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Clients;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// An idempotent producer that sends its last batch of a partition again and again, long after it was acknowledged, as one whose answer was lost does: the node knows it again, however
/// often it was restarted, and although all records of the batch may have been cleaned away.
/// </summary>
internal sealed class TableRepeater(SimulatedProcess process, ClusterLedger ledger, string topic, IReadOnlyList<TableLedger> tables, Action acknowledged) : NodeClient(process, ledger)
{
    private readonly Sent?[] last = new Sent?[tables.Count];
    private readonly int[] next = new int[tables.Count];

    /// <summary>Whether everything comes to its end: then it repeats nothing until it is asked to.</summary>
    public required Func<bool> IsQuiet { get; init; }

    public async Task RunAsync(int batches)
    {
        await FindTopicAsync(topic);
        (long id, short epoch) = await InitProducerIdAsync();
        for (int i = 0; i < batches; i++)
        {
            int partition = Random.Below(tables.Count);
            await SendAsync(last[partition] = NewBatch(partition, id, epoch));
            if (Random.Chance(300)) await SendAsync(last[partition]!);
            await Process.Scheduler.Delay(Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(600)));
        }

        while (!IsQuiet())
        {
            await Process.Scheduler.Delay(Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)));
            if (last[Random.Below(tables.Count)] is { } sent) await SendAsync(sent);
        }
    }

    /// <summary>Sends the last batch of each partition once more.</summary>
    public async Task RepeatAsync()
    {
        foreach (Sent? sent in last)
        {
            if (sent is not null) await SendAsync(sent);
        }
    }

    private Task SendAsync(Sent sent) => AttemptAsync(async () =>
    {
        while (true)
        {
            ProduceResponse response = await AskAsync(Requests.Produce(new Partition(topic, sent.Partition), sent.Bytes), Requests.ProduceVersion);
            ProduceResponse.PartitionProduceResponse answer = response.Responses[0].PartitionResponses[0];
            var error = (ErrorCode)answer.ErrorCode;
            if (error == ErrorCode.None)
            {
                for (int i = 0; i < sent.Writes.Count; i++) tables[sent.Partition].Acknowledge(answer.BaseOffset + i, sent.Writes[i]);
                acknowledged();
                return;
            }

            if (!Requests.IsTransient(error)) throw new BrokenPromiseException($"{topic}-{sent.Partition} refuses {sent.Writes[0]}: {error.KafkaName()} {answer.ErrorMessage}");
            await PauseAsync();
        }
    });

    // Mostly of the key that others write too: then the last batch is soon one of which the cleaner leaves nothing but its header.
    private Sent NewBatch(int partition, long id, short epoch)
    {
        List<TableWrite> writes = [];
        int first = next[partition];
        for (int i = Random.Below(2); i >= 0; i--) writes.Add(new TableWrite(Name, Random.Chance(800) ? TableWrite.SharedKey : Name, next[partition]++, Random.Chance(100)));
        RecordBatchOptions options = new() { ProducerId = new ProducerId(id), ProducerEpoch = epoch, BaseSequence = first };
        return new Sent(partition, writes, TableRecords.Batch(writes, Random.Pick([1, 30, 400]), NowMs, options));
    }

    private sealed record Sent(int Partition, List<TableWrite> Writes, byte[] Bytes);
}
