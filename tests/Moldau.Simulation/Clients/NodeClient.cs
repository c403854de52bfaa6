using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>
/// A client process on a machine of its own. It connects when it has to, and tries again whatever the network does to it: <see cref="AttemptAsync"/>.
/// </summary>
internal abstract class NodeClient(SimulatedProcess process)
{
    private WireConnection? connection;

    protected SimulatedProcess Process => process;

    protected string Name => process.Host.Name;

    protected long NowMs => process.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The connection; made if there is none.</summary>
    protected async Task<WireConnection> ConnectAsync() => connection ??= await WireConnection.OpenAsync(process, "node", SimulatedNode.Port);

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
                if (connection is not null) await connection.DisposeAsync();
                connection = null;
                await PauseAsync();
            }
        }
    }

    protected Task PauseAsync() => process.Scheduler.Delay(process.Random.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100)));

    /// <summary>Waits until the topic is there; the first to ask for it creates it.</summary>
    protected Task FindTopicAsync(string topic) => AttemptAsync(async () =>
    {
        while (true)
        {
            MetadataResponse response = await (await ConnectAsync()).AskAsync(Requests.Metadata(topic), Requests.MetadataVersion);
            MetadataResponse.MetadataResponseTopic answer = response.Topics[0];
            if (answer.ErrorCode == (short)ErrorCode.None && answer.Partitions.All(partition => partition.LeaderId >= 0)) return;
            await PauseAsync();
        }
    });
}
