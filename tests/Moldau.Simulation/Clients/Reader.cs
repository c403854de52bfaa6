using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>Reads one partition from its beginning, over and over: what was read once must be read again.</summary>
internal sealed class Reader(SimulatedProcess process, Partition partition, PartitionLedger ledger) : NodeClient(process)
{
    /// <summary>Reads for good, and begins anew at random.</summary>
    public async Task RunAsync()
    {
        await FindTopicAsync(partition.Topic);
        while (true)
        {
            long offset = 0;
            do offset = await ReadAsync(offset, 500, []);
            while (!Process.Random.Chance(100));
        }
    }

    /// <summary>Everything in the partition at this moment, compared with what is known of it.</summary>
    public async Task<List<(long Offset, string Value)>> ReadAllAsync()
    {
        await FindTopicAsync(partition.Topic);
        List<(long, string)> content = [];
        long offset = 0;
        while (true)
        {
            long next = await ReadAsync(offset, 0, content);
            if (next == offset) return content;
            offset = next;
        }
    }

    private async Task<long> ReadAsync(long offset, int maxWaitMs, List<(long, string)> content)
    {
        long next = offset;
        await AttemptAsync(async () =>
        {
            while (true)
            {
                FetchResponse response = await (await ConnectAsync()).AskAsync(Requests.Fetch(partition, offset, maxWaitMs), Requests.FetchVersion);
                FetchResponse.PartitionData answer = response.Responses[0].Partitions[0];
                switch ((ErrorCode)answer.ErrorCode)
                {
                    case ErrorCode.None:
                        foreach ((long at, string value) in Requests.Content(answer.Records, offset))
                        {
                            ledger.Read(at, value);
                            content.Add((at, value));
                            next = at + 1;
                        }

                        return;
                    case ErrorCode.UnknownTopicOrPartition or ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable:
                        await PauseAsync();
                        break;
                    case var refused:
                        throw new BrokenPromiseException($"{partition} refuses to be read at {offset}: {refused.KafkaName()}");
                }
            }
        });
        return next;
    }
}
