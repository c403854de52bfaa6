using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>Produces to one partition with acks=all, without idempotence: what is not acknowledged may be there, and may be there twice.</summary>
internal sealed class PlainProducer(SimulatedProcess process, Partition partition, PartitionLedger ledger, int batches) : NodeClient(process)
{
    public async Task RunAsync()
    {
        await FindTopicAsync(partition.Topic);
        int next = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            List<string> values = [];
            for (int i = Process.Random.Below(4); i >= 0; i--) values.Add($"{Name}:{next++}");
            await AttemptAsync(() => ProduceAsync(values));
        }
    }

    private async Task ProduceAsync(List<string> values)
    {
        byte[] batch = Requests.Batch(values, NowMs, new());
        while (true)
        {
            ProduceResponse response = await (await ConnectAsync()).AskAsync(Requests.Produce(partition, batch), Requests.ProduceVersion);
            ProduceResponse.PartitionProduceResponse answer = response.Responses[0].PartitionResponses[0];
            switch ((ErrorCode)answer.ErrorCode)
            {
                case ErrorCode.None:
                    ledger.Acknowledge(answer.BaseOffset, values);
                    return;
                case ErrorCode.UnknownTopicOrPartition or ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable or ErrorCode.RequestTimedOut:
                    await PauseAsync();
                    break;
                case var refused:
                    throw new BrokenPromiseException($"{partition} refuses what {Name} produces: {refused.KafkaName()} {answer.ErrorMessage}");
            }
        }
    }
}
