using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>Reads partitions from their beginning, over and over: what was read once must be read again.</summary>
internal sealed class Reader(SimulatedProcess process, ClusterLedger ledger) : NodeClient(process, ledger)
{
    private const int MaxWaitMs = 500;

    /// <summary>Reads a topic for good, and begins anew at random.</summary>
    public async Task RunAsync(string topic)
    {
        int partitions = await FindTopicAsync(topic);
        SortedDictionary<Partition, long> positions = [];
        while (true)
        {
            if (positions.Count == 0 || Random.Chance(50))
            {
                for (int i = 0; i < partitions; i++) positions[new Partition(topic, i)] = 0;
            }

            await AttemptAsync(() => ReadAsync(positions, MaxWaitMs, null));
            await PauseAsync();
        }
    }

    /// <summary>Everything in a partition at this moment.</summary>
    public async Task<List<(long Offset, string Value)>> ReadAllAsync(Partition partition)
    {
        await FindTopicAsync(partition.Topic);
        List<(long, string)> content = [];
        SortedDictionary<Partition, long> position = new() { [partition] = 0 };
        long before;
        do
        {
            before = position[partition];
            await AttemptAsync(() => ReadAsync(position, 0, content));
        }
        while (position[partition] > before);
        return content;
    }

    private async Task ReadAsync(SortedDictionary<Partition, long> positions, int maxWaitMs, List<(long, string)>? content)
    {
        FetchResponse response = await AskAsync(Requests.Fetch(positions.Select(each => (each.Key, each.Value)), maxWaitMs), Requests.FetchVersion);
        foreach ((Partition partition, FetchResponse.PartitionData data) in Answers(response))
        {
            foreach ((long offset, string value) in Requests.Content(partition, data.Records, positions[partition]))
            {
                Ledger.Of(partition).Read(offset, value);
                content?.Add((offset, value));
                positions[partition] = offset + 1;
            }
        }
    }

    /// <summary>The partitions of an answer. An error that passes, in any of them, is an <see cref="IOException"/>, any other a broken promise.</summary>
    public static IEnumerable<(Partition Partition, FetchResponse.PartitionData Data)> Answers(FetchResponse response)
    {
        foreach (FetchResponse.FetchableTopicResponse topic in response.Responses)
        {
            foreach (FetchResponse.PartitionData data in topic.Partitions)
            {
                Partition partition = new(topic.Topic, data.PartitionIndex);
                var error = (ErrorCode)data.ErrorCode;
                if (Requests.IsTransient(error)) throw new IOException($"{partition}: {error.KafkaName()}");
                if (error != ErrorCode.None) throw new BrokenPromiseException($"{partition} refuses to be read: {error.KafkaName()}");
                yield return (partition, data);
            }
        }
    }
}
