using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>Produces with acks=all, without idempotence: what is not acknowledged may be there, and may be there twice.</summary>
internal sealed class PlainProducer(SimulatedProcess process, ClusterLedger ledger, string topic) : NodeClient(process, ledger)
{
    private readonly SortedDictionary<Partition, int> next = [];

    public async Task RunAsync(int batches)
    {
        int partitions = await FindTopicAsync(topic);
        for (int batch = 0; batch < batches; batch++)
        {
            Partition partition = new(topic, Random.Below(partitions));
            List<string> values = [];
            for (int i = Random.Below(4); i >= 0; i--)
            {
                int number = next.GetValueOrDefault(partition);
                values.Add(ProducedValue.Of(Name, number));
                next[partition] = number + 1;
            }

            await AttemptAsync(() => ProduceAsync(partition, values));
            await PauseAsync();
        }
    }

    private async Task ProduceAsync(Partition partition, List<string> values)
    {
        byte[] batch = Requests.Batch(values, KeyBytes(), NowMs, new());
        while (true)
        {
            ProduceResponse response = await AskAsync(Requests.Produce(partition, batch), Requests.ProduceVersion);
            ProduceResponse.PartitionProduceResponse answer = response.Responses[0].PartitionResponses[0];
            var error = (ErrorCode)answer.ErrorCode;
            if (error == ErrorCode.None)
            {
                Ledger.Of(partition).Acknowledge(answer.BaseOffset, values);
                return;
            }

            if (!Requests.IsTransient(error)) throw new BrokenPromiseException($"{partition} refuses what {Name} produces: {error.KafkaName()} {answer.ErrorMessage}");
            await PauseAsync();
        }
    }
}
