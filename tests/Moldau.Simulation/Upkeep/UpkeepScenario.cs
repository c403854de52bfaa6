using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulation.Clients;
using Moldau.Simulation.Ledgers;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// One whole node that looks after its logs while everything goes wrong: a compacted topic that is cleaned all the time, one whose beginning is deleted, one that is made and deleted
/// over and over, and configuration that changes. All clients are the managed one.
/// </summary>
internal sealed class UpkeepScenario
{
    private const string Table = "table";
    private const string Window = "window";
    private const string Fleeting = "fleeting";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private readonly SimulatedWorld world;
    private readonly SimulatedNode node;
    private readonly NodeFaults faults;
    private readonly AimedCuts cuts;
    private readonly ClusterLedger ledger = new();
    private readonly List<TableLedger> tables = [];
    private readonly List<TableReader> readers = [];
    private readonly List<Configurer> configurers = [];
    private readonly List<(SimulatedProcess Process, TableRepeater Repeater)> repeaters = [];
    private readonly List<SimulatedHost> clients = [];
    private readonly List<Task> working = [];
    private bool isQuiet;

    private UpkeepScenario(SimulatedWorld world, PlantedBugs planted)
    {
        this.world = world;
        node = new SimulatedNode(world) { Planted = planted, Inspecting = InspectDisk };
        NodeProperties.DrawUpkeep(node.Properties, world.Random);
        faults = new NodeFaults(world, node, clients);
        cuts = new AimedCuts(node, world.Random.Fork());
        ledger.Acknowledged += faults.CountDown;
    }

    /// <summary>Plays it and returns the trace hash.</summary>
    public static ulong Play(ulong seed, Action<string>? lines = null) => Play(seed, PlantedBugs.None, lines).Hash;

    /// <summary>Plays it with a node that is broken on purpose; also says how many records were cleaned away.</summary>
    public static (ulong Hash, int Cleaned) Play(ulong seed, PlantedBugs planted, Action<string>? lines = null)
    {
        using SimulatedWorld world = new(seed);
        world.Trace.Lines = lines;
        UpkeepScenario scenario = new(world, planted);
        world.Run(scenario.RunAsync, TimeSpan.FromMinutes(45));
        return (world.Trace.Hash, scenario.tables.Sum(static table => table.CleanedCount));
    }

    private async Task RunAsync()
    {
        Task supervising = node.SuperviseAsync();
        int partitions = 1 + world.Random.Below(2);
        await CreateTopicsAsync(partitions);
        cuts.Begin();
        StartClients(partitions);
        await faults.RunAsync(world.Random.Below(12));
        cuts.Stop();
        node.Host.Disk.CutAt(long.MaxValue);
        isQuiet = true;
        // A directory that has failed comes back with the next start only.
        if (node.DirectoryMayFail) node.Host.PowerCut();
        await Task.WhenAll(working);
        while (!readers.TrueForAll(static reader => reader.HasCaughtUp)) await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(100));
        foreach (SimulatedHost client in clients.Where(client => !repeaters.Exists(each => each.Process.Host == client))) client.Kill();
        await node.ServingAsync();
        // A start puts right what only a running node has wrong, and the other way round.
        await CompareAsync(partitions);
        await node.RestartAsync();
        foreach ((SimulatedProcess process, TableRepeater repeater) in repeaters) await process.Scheduler.Start("repeat", repeater.RepeatAsync);
        await CompareAsync(partitions);
        await node.StopForGoodAsync();
        DiskAuditor.CheckStopped(node.Host.Disk, node.Directories);
        await supervising;
    }

    private void InspectDisk() => DiskAuditor.CheckSurvivor(node.Host.Disk, node.Directories, static partition => partition.Topic != Fleeting);

    private async Task CreateTopicsAsync(int partitions)
    {
        for (int i = 0; i < partitions; i++) tables.Add(new TableLedger(new Partition(Table, i)));
        var table = new NewTopic(Table, partitions)
        {
            Configs = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["cleanup.policy"] = "compact",
                ["min.cleanable.dirty.ratio"] = world.Random.Pick(["0.01", "0.5"]),
                ["segment.ms"] = world.Random.Pick(["200", "2000"]),
                ["index.interval.bytes"] = world.Random.Pick(["1", "300", "4096"]),
                // Longer than a scenario, whatever the clocks do: tombstones stay.
                ["delete.retention.ms"] = "864000000",
                ["compression.type"] = world.Random.Pick(["producer", "gzip", "lz4"]),
            },
        };
        var window = new NewTopic(Window, partitions) { Configs = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["segment.ms"] = world.Random.Pick(["200", "2000"]), ["retention.ms"] = "-1" } };
        await using KafkaClient client = ManagedClient.On(world.Driver);
        await node.ServingAsync();
        foreach (TopicCreation made in await client.Admin.Topics.CreateAsync([table, window])) made.ThrowIfFailed();
    }

    private void StartClients(int partitions)
    {
        for (int i = world.Random.Below(2); i >= 0; i--) Start($"writer{i}", process => new TableWriter(process, Table, tables, faults.CountDown).RunAsync(world.Random.Below(80)));
        for (int i = world.Random.Below(3); i > 0; i--) AddRepeater($"repeater{i}");
        SimulatedProcess reading = AddClient("table-reader");
        var reader = new TableReader(reading, Table, tables) { MayRestart = () => !isQuiet };
        readers.Add(reader);
        reading.Scheduler.Start("read", reader.RunAsync);
        Start("window-writer", process => new ManagedProducer(process, ledger, Window).RunAsync(world.Random.Below(60), partitions));
        Start("trimmer", process => new Trimmer(process, ledger, Window, partitions, Mishap).RunAsync(world.Random.Below(6)));
        if (node.Directories.Count > 1) StartMoves(partitions);
        Start("recreator", process => new Recreator(process, Fleeting, Mishap).RunAsync(world.Random.Below(4)));
        Configure("window-configurer", new ConfigResource(ConfigResourceType.Topic, Window), "max.message.bytes");
        Configure("node-configurer", new ConfigResource(ConfigResourceType.Broker, "1"), "message.max.bytes");
    }

    private void StartMoves(int partitions)
    {
        int moves = world.Random.Below(12);
        List<Partition> movable = [.. Enumerable.Range(0, partitions).SelectMany(static i => new[] { new Partition(Table, i), new Partition(Window, i) })];
        Start("mover", process => new ReplicaShuffler(process, ledger, movable, node.Directories, Mishap).RunAsync(moves));
        Start("directory-failer", process => new DirectoryFailures(process, node, () => isQuiet).RunAsync());
    }

    // What is done seldom is followed by a power cut often: that is where a node can be wrong.
    private void Mishap()
    {
        if (!isQuiet && world.Random.Chance(300)) node.Host.PowerCut();
    }

    private void AddRepeater(string name)
    {
        SimulatedProcess process = AddClient(name);
        var repeater = new TableRepeater(process, ledger, Table, tables, faults.CountDown) { IsQuiet = () => isQuiet };
        repeaters.Add((process, repeater));
        int batches = world.Random.Below(20);
        working.Add(process.Scheduler.Start("repeat", () => repeater.RunAsync(batches)));
    }

    private void Configure(string name, ConfigResource resource, string key) => Start(name, process =>
    {
        var configurer = new Configurer(process, resource, key);
        configurers.Add(configurer);
        return configurer.RunAsync(world.Random.Below(5));
    });

    private void Start(string name, Func<SimulatedProcess, Task> work)
    {
        SimulatedProcess process = AddClient(name);
        working.Add(process.Scheduler.Start("work", () => work(process)));
    }

    private SimulatedProcess AddClient(string name)
    {
        SimulatedHost host = world.AddHost(name);
        clients.Add(host);
        return host.Start();
    }

    private async Task CompareAsync(int partitions)
    {
        await using KafkaClient client = ManagedClient.On(world.Driver);
        var reader = new TableReader(world.Driver, Table, tables) { MayRestart = static () => false };
        for (int i = 0; i < partitions; i++)
        {
            List<TableEntry> content = await reader.ReadAllAsync(i);
            tables[i].Compare(content);
            int partition = i;
            await new TableProber(world.Driver, client, new TopicPartition(Table, i), () => reader.ReadAllAsync(partition)).RunAsync(content);
            int producers = (await client.Admin.Partitions.DescribeProducersAsync(new TopicPartition(Table, i))).Count;
            if (producers < tables[i].WriterCount) throw new BrokenPromiseException($"{Table}-{i}: {producers} producers are remembered of {tables[i].WriterCount}");
            await CompareWindowAsync(client, i);
        }

        foreach (Configurer configurer in configurers) await configurer.CheckAsync(client);
    }

    private async Task CompareWindowAsync(KafkaClient client, int index)
    {
        PartitionLedger known = ledger.Of(new Partition(Window, index));
        var partition = new TopicPartition(Window, index);
        long start = await Trimmer.StartAsync(client, partition, known);
        long end = (await client.Admin.Partitions.ListOffsetsAsync([partition], OffsetSpec.Latest)).Single().Offset;
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest });
        consumer.Assign([partition]);
        List<(long, string)> content = [];
        while (consumer.Position(partition) is not { } position || position < end)
        {
            foreach (ConsumedRecord record in await consumer.PollAsync(Poll)) content.Add((record.Offset, Encoding.UTF8.GetString(record.Value.Span)));
        }

        known.Compare(content, start);
    }
}
