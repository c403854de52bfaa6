using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Fuzz.Inputs;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// A node's whole directory with damaged files: <c>meta.properties</c>, <c>quorum-state</c>, the metadata log and its snapshots, internal topics. The node starts, or says
/// by an <see cref="IOException"/> or a <see cref="NodeStartException"/> why it does not; one that started lives and stops.
/// </summary>
internal sealed class NodeTarget : FuzzTarget
{
    private const string HostName = "node";
    private const string Folder = "/data";
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private readonly Lazy<Dictionary<string, byte[]>> files = new(Written);

    public override string Name => "node";

    public override int ExecutionsInCi => 60;

    public override void Execute(SeededRandom random)
    {
        using var world = new SimulatedWorld(random.Next());
        SimulatedHost host = world.AddHost(HostName);
        foreach ((string path, byte[] bytes) in files.Value)
        {
            host.Disk.CreateDirectory(Path.GetDirectoryName(path)!);
            FileDamage.Write(host.Disk, path, bytes);
        }

        List<DamagedFile> damage = FileDamage.Do(host.Disk, Folder, random);
        try
        {
            world.Run(() => LiveAsync(host, world.Driver.Scheduler, static _ => Task.CompletedTask), Limit);
        }
        catch (Exception escaped)
        {
            throw new FuzzFindingException($"{string.Join(", ", damage)}: {escaped}");
        }
    }

    private static Dictionary<string, byte[]> Written()
    {
        using var world = new SimulatedWorld(1);
        SimulatedHost host = world.AddHost(HostName);
        SimulatedHost other = world.AddHost("client");
        world.Run(() => LiveAsync(host, world.Driver.Scheduler, async scheduler =>
        {
            SimulatedProcess process = other.Start();
            await process.Scheduler.Start("client", () => FillAsync(process));
        }), Limit);
        return FileDamage.All(host.Disk, Folder).ToDictionary(path => path, path => FileDamage.Read(host.Disk, path));
    }

    private static async Task FillAsync(SimulatedProcess process)
    {
        await using var calls = new WireCalls(await process.Transport.ConnectAsync(HostName, 9092, CancellationToken.None));
        var topics = new CreateTopicsRequest { TimeoutMs = 30_000 };
        topics.Topics.Add(new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1, Configs = [new() { Name = "cleanup.policy", Value = "compact" }] });
        Settled((await calls.AskAsync(topics, 7)).Topics[0].ErrorCode);
        for (int i = 0; i < 10; i++)
        {
            var produce = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
            produce.TopicData.Add(new() { Name = "t", PartitionData = [new() { Index = i % 2, Records = new Records(SampleBatches.OfOneKey()) }] });
            while (!Settled((await calls.AskAsync(produce, 9)).Responses[0].PartitionResponses[0].ErrorCode)) await process.Scheduler.Delay(Retry);
        }

        var commit = new OffsetCommitRequest { GroupId = "g", GenerationIdOrMemberEpoch = -1 };
        commit.Topics.Add(new() { Name = "t", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 3 }] });
        var find = new FindCoordinatorRequest { KeyType = 0, CoordinatorKeys = ["g"] };
        while (!Settled((await calls.AskAsync(find, 4)).Coordinators[0].ErrorCode)) await process.Scheduler.Delay(Retry);
        while (!Settled((await calls.AskAsync(commit, 8)).Topics[0].Partitions[0].ErrorCode)) await process.Scheduler.Delay(Retry);
    }

    // Whether it is done; false: soon. A node that has just made a topic may still be opening it.
    private static bool Settled(short error) => (ErrorCode)error switch
    {
        ErrorCode.None => true,
        ErrorCode.UnknownTopicOrPartition or ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable
            or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress => false,
        var refused => throw new InvalidOperationException($"the sample cannot be made: {refused}"),
    };

    private static async Task LiveAsync(SimulatedHost host, IScheduler driver, Func<IScheduler, Task> use)
    {
        SimulatedProcess process = host.Start();
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["node.id"] = "1", ["log.dirs"] = Folder, ["listeners"] = $"PLAINTEXT://{HostName}:9092", ["offsets.topic.replication.factor"] = "1", ["offsets.topic.num.partitions"] = "2",
        };
        var node = new BrokerNode(NodeOptions.Parse(properties), process.Transport, process.Files, process.Scheduler, NullLoggerFactory.Instance);
        await process.Scheduler.Start("node", async () =>
        {
            try
            {
                await node.StartAsync();
            }
            catch (Exception refused) when (refused is IOException or NodeStartException)
            {
                return;
            }

            await use(driver);
            await process.Scheduler.Delay(TimeSpan.FromSeconds(20));
            await node.StopAsync();
            if (node.Failure is { } failure && failure is not IOException) throw new FuzzFindingException($"the node ended by itself: {failure}");
        });
    }
}
