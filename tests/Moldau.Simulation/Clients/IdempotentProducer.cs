using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>
/// Produces as clients do by default: idempotent, up to five batches under way. What has no answer is sent again over the next connection, in its order, so
/// each record is there once and every sequence number is the one that the node expects.
/// </summary>
internal sealed class IdempotentProducer(SimulatedProcess process, ClusterLedger ledger, string topic) : NodeClient(process, ledger)
{
    private const int InFlightMax = 5;

    private readonly LinkedList<Batch> unacknowledged = new();
    private readonly SortedDictionary<Partition, int> next = [];
    private long producerId;
    private short producerEpoch;
    private int partitions;
    private int left;

    public async Task RunAsync(int batches)
    {
        partitions = await FindTopicAsync(topic);
        for (int i = 0; i < partitions; i++) Ledger.Of(new Partition(topic, i)).AddIdempotent(Name);
        (producerId, producerEpoch) = await InitProducerIdAsync();
        left = batches;
        await AttemptAsync(ProduceAsync);
    }

    // Over one connection: what the last one left without an answer first, then the rest.
    private async Task ProduceAsync()
    {
        WireConnection connection = await ConnectAsync();
        foreach (Batch batch in unacknowledged) await SendAsync(connection, batch);
        while (left > 0 || unacknowledged.Count > 0)
        {
            bool full = unacknowledged.Count == InFlightMax;
            if (left > 0 && !full && (unacknowledged.Count == 0 || Random.Chance(600)))
            {
                Batch batch = NewBatch();
                unacknowledged.AddLast(batch);
                left--;
                await SendAsync(connection, batch);
                continue;
            }

            await ReceiveAsync(connection);
            if (Random.Chance(300)) await PauseAsync();
        }
    }

    private Task SendAsync(WireConnection connection, Batch batch)
    {
        Process.Note($"sends {batch}");
        return connection.SendAsync(Requests.Produce(batch.Partition, batch.Bytes), Requests.ProduceVersion);
    }

    private async Task ReceiveAsync(WireConnection connection)
    {
        ProduceResponse response = await connection.ReceiveAsync<ProduceResponse>();
        ProduceResponse.PartitionProduceResponse answer = response.Responses[0].PartitionResponses[0];
        Batch first = unacknowledged.First!.Value;
        var error = (ErrorCode)answer.ErrorCode;
        Process.Note($"is told {error.KafkaName()} {answer.BaseOffset} for {first}");
        if (error == ErrorCode.None)
        {
            unacknowledged.RemoveFirst();
            Ledger.Of(first.Partition).Acknowledge(answer.BaseOffset, first.Values);
            return;
        }

        if (!Requests.IsTransient(error)) throw new BrokenPromiseException($"{first.Partition} refuses {first.Values[0]} of {Name}: {error.KafkaName()} {answer.ErrorMessage}");
        // What was sent behind it may have been refused for that reason alone: everything again, in order.
        throw new IOException($"{error.KafkaName()}: everything again");
    }

    private Batch NewBatch()
    {
        Partition partition = new(topic, Random.Below(partitions));
        int first = next.GetValueOrDefault(partition);
        List<string> values = [];
        for (int i = Random.Below(4); i >= 0; i--) values.Add(ProducedValue.Of(Name, first + values.Count));
        next[partition] = first + values.Count;
        RecordBatchOptions options = new() { ProducerId = new ProducerId(producerId), ProducerEpoch = producerEpoch, BaseSequence = first };
        return new Batch(partition, values, Requests.Batch(values, KeyBytes(), NowMs, options));
    }

    private sealed record Batch(Partition Partition, List<string> Values, byte[] Bytes)
    {
        public override string ToString() => $"{Values[0]} and {Values.Count - 1} more in {Partition}";
    }
}
