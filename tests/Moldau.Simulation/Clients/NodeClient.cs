using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>
/// A client process on a machine of its own. It connects when it has to, and tries again whatever the network does to it: <see cref="AttemptAsync"/>.
/// </summary>
internal abstract class NodeClient(SimulatedProcess process, ClusterLedger ledger)
{
    private WireConnection? connection;

    protected SimulatedProcess Process => process;

    protected ClusterLedger Ledger => ledger;

    protected string Name => process.Host.Name;

    protected SeededRandom Random => process.Random;

    protected long NowMs => process.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Bytes of a batch's keys.</summary>
    protected int KeyBytes() => Random.Pick([0, 20, 700, 3000]);

    /// <summary>The connection; made if there is none.</summary>
    protected async Task<WireConnection> ConnectAsync() => connection ??= await WireConnection.OpenAsync(process, SimulatedNode.Name, SimulatedNode.Port);

    /// <summary>Sends a request over the connection and waits for its answer.</summary>
    protected async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IResponse, new() => await (await ConnectAsync()).AskAsync(request, version);

    /// <summary>Tries until it works. A failure of the network closes the connection, and after a while a new attempt is made.</summary>
    protected async Task AttemptAsync(Func<Task> work)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (IOException)
            {
                if (connection is { } broken) await broken.DisposeAsync();
                connection = null;
                await PauseAsync();
            }
        }
    }

    protected Task PauseAsync() => process.Scheduler.Delay(Random.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100)));

    /// <summary>Waits until the topic is there, and returns how many partitions it has; the first to ask for it creates it.</summary>
    protected async Task<int> FindTopicAsync(string topic)
    {
        int partitions = 0;
        await AttemptAsync(async () =>
        {
            while (true)
            {
                bool known = ledger.Knows(topic);
                MetadataResponse.MetadataResponseTopic answer = (await AskAsync(Requests.Metadata(topic), Requests.MetadataVersion)).Topics[0];
                if (answer.ErrorCode != (short)ErrorCode.UnknownTopicOrPartition) ledger.TopicSeen(topic, answer.TopicId);
                else if (known) throw new BrokenPromiseException($"topic {topic} was there and is gone");
                partitions = answer.Partitions.Count;
                if (answer.ErrorCode == (short)ErrorCode.None && answer.Partitions.All(partition => partition.LeaderId >= 0)) return;
                await PauseAsync();
            }
        });
        return partitions;
    }

    /// <summary>Asks for a producer id of its own.</summary>
    protected async Task<(long Id, short Epoch)> InitProducerIdAsync()
    {
        (long Id, short Epoch) given = default;
        await AttemptAsync(async () =>
        {
            while (true)
            {
                InitProducerIdResponse response = await AskAsync(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 }, Requests.InitProducerIdVersion);
                var error = (ErrorCode)response.ErrorCode;
                if (error == ErrorCode.None)
                {
                    ledger.ProducerIdGiven(response.ProducerId, Name);
                    given = (response.ProducerId, response.ProducerEpoch);
                    return;
                }

                if (!Requests.IsTransient(error)) throw new BrokenPromiseException($"{Name} gets no producer id: {error.KafkaName()}");
                await PauseAsync();
            }
        });
        return given;
    }
}
