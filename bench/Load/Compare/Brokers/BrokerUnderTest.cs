using System.Net;
using Moldau.Client;
using Moldau.Processes;

namespace Moldau.Load.Compare.Brokers;

/// <summary>One broker on a fresh data directory that is deleted with it. Never two at once.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly NodeProcess node;
    private readonly string folder;
    private KafkaClient? client;

    private BrokerUnderTest(Contender contender, FlushTier tier, IReadOnlyDictionary<string, string> beside)
    {
        (Contender, Tier) = (contender, tier);
        folder = Directory.CreateTempSubdirectory("moldau-load-").FullName;
        node = new NodeProcess(contender.Program, new NodeSetup(folder, FreePorts.NextPair()) { Settings = contender.Settings(tier).Concat(beside).ToDictionary() });
    }

    public Contender Contender { get; }

    public FlushTier Tier { get; }

    public IPEndPoint EndPoint => node.EndPoint;

    public int ProcessId => node.ProcessId;

    public string DataFolder => node.Setup.DataFolder;

    /// <summary>What goes with the broker: its data and what is put beside it.</summary>
    public string Folder => folder;

    public string Bootstrap => node.Setup.Bootstrap;

    /// <summary>From the start of the process to the first acknowledged record.</summary>
    public TimeSpan Start { get; private set; }

    /// <summary>For what is prepared and looked at beside the measurement.</summary>
    public KafkaClient Client => client ??= KafkaClient.Create(
        ClientOptions.For(Bootstrap) with { RequestTimeout = Limits.PartitionsStep, OperationTimeout = Limits.PartitionsStep });

    public TimeSpan ProcessorTime => ProcessTree.ProcessorTime(ProcessId);

    public long ResidentBytes => ProcessTree.ResidentBytes(ProcessId);

    public long PeakBytes => ProcessTree.PeakBytes(ProcessId);

    /// <summary>Formats where that is a step of its own, starts, and waits for the first acknowledged record.</summary>
    /// <param name="contender">What is started.</param>
    /// <param name="tier">When a write counts.</param>
    /// <param name="beside">Configuration beside that of the tier; null: none.</param>
    public static async Task<BrokerUnderTest> StartAsync(Contender contender, FlushTier tier, IReadOnlyDictionary<string, string>? beside = null)
    {
        var broker = new BrokerUnderTest(contender, tier, beside ?? new Dictionary<string, string>());
        try
        {
            await contender.Program.PrepareAsync(broker.node.Setup, CancellationToken.None);
            broker.node.Start();
            broker.Start = await broker.node.ServingAsync(CancellationToken.None);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the broker, by kill -9 or in peace, and starts it on what it left.</summary>
    /// <param name="kill">Whether by kill -9.</param>
    /// <param name="topic">A topic all partitions of which must be served.</param>
    /// <returns>From the start of the process to the first acknowledged record, and until every partition of the topic tells its end offset.</returns>
    public async Task<TimeSpan> StartAgainAsync(bool kill, TestTopic topic)
    {
        await CloseClientAsync();
        if (kill) await node.KillAsync();
        else await node.StopAsync();
        node.Start();
        await node.ServingAsync(CancellationToken.None);
        await topic.EndsAsync();
        return node.SinceStart;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseClientAsync();
        await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task CloseClientAsync()
    {
        if (client == null) return;
        await client.DisposeAsync();
        client = null;
    }
}
