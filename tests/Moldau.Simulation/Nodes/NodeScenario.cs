using System.Globalization;
using Moldau.Simulated;
using Moldau.Simulation.Clients;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Nodes;

/// <summary>
/// One whole node under everything that goes wrong: producers with and without idempotence, a reader, a group, and the managed client. Then quiet: everything that was promised is
/// kept, and everything that was begun comes to its end.
/// </summary>
internal sealed class NodeScenario
{
    private const string Topic = "numbers";
    private const string Group = "workers";
    private const string ManagedGroup = "managed";

    private readonly SimulatedWorld world;
    private readonly SimulatedNode node;
    private readonly ClusterLedger ledger = new();
    private readonly GroupLedger group = new();
    private readonly List<SimulatedHost> clients = [];
    private readonly List<Task> producing = [];
    private readonly List<GroupMember> members = [];
    private readonly List<ManagedMember> managed = [];
    private bool isQuiet;

    private NodeScenario(SimulatedWorld world, PlantedBugs planted)
    {
        this.world = world;
        node = new SimulatedNode(world) { Planted = planted };
        NodeProperties.Draw(node.Properties, world.Random);
    }

    /// <summary>Plays it and returns the trace hash.</summary>
    public static ulong Play(ulong seed, Action<string>? lines = null) => Play(seed, PlantedBugs.None, lines);

    /// <summary>Plays it with a node that is broken on purpose.</summary>
    public static ulong Play(ulong seed, PlantedBugs planted, Action<string>? lines = null)
    {
        using SimulatedWorld world = new(seed);
        world.Trace.Lines = lines;
        NodeScenario scenario = new(world, planted);
        world.Run(scenario.RunAsync, TimeSpan.FromMinutes(30));
        return world.Trace.Hash;
    }

    private async Task RunAsync()
    {
        Task supervising = node.SuperviseAsync();
        StartClients();
        var faults = new NodeFaults(world, node, clients);
        ledger.Acknowledged += faults.CountDown;
        await faults.RunAsync(world.Random.Below(12));
        isQuiet = true;
        await Task.WhenAll(producing);
        await SettleAsync();
        await EndAsync();
        await CompareAsync();
        node.IsSupervised = false;
        node.Host.PowerCut();
        await supervising;
    }

    private void StartClients()
    {
        for (int i = world.Random.Below(3); i >= 0; i--)
        {
            SimulatedProcess process = AddClient($"idempotent{i}");
            producing.Add(process.Scheduler.Start("produce", () => new IdempotentProducer(process, ledger, Topic).RunAsync(world.Random.Below(30))));
        }

        SimulatedProcess plain = AddClient("plain");
        producing.Add(plain.Scheduler.Start("produce", () => new PlainProducer(plain, ledger, Topic).RunAsync(world.Random.Below(20))));
        SimulatedProcess reader = AddClient("reader");
        reader.Scheduler.Start("read", () => new Reader(reader, ledger).RunAsync(Topic));
        for (int i = world.Random.Below(3); i >= 0; i--)
        {
            SimulatedProcess process = AddClient($"member{i}");
            GroupMember member = new(process, ledger, group, Group, Topic, () => node.Boots) { MayLeave = () => !isQuiet };
            members.Add(member);
            process.Scheduler.Start("work", member.RunAsync);
        }

        StartManagedClients();
    }

    private void StartManagedClients()
    {
        int partitions = int.Parse(node.Properties["num.partitions"], CultureInfo.InvariantCulture);
        SimulatedProcess producer = AddClient("managed-producer");
        producing.Add(producer.Scheduler.Start("produce", () => new ManagedProducer(producer, ledger, Topic).RunAsync(world.Random.Below(60), partitions)));
        for (int i = world.Random.Below(2); i >= 0; i--)
        {
            SimulatedProcess process = AddClient($"managed{i}");
            ManagedMember member = new(process, ledger, ManagedGroup, Topic) { MayLeave = () => !isQuiet };
            managed.Add(member);
            process.Scheduler.Start("consume", member.RunAsync);
        }
    }

    private SimulatedProcess AddClient(string name)
    {
        SimulatedHost host = world.AddHost(name);
        clients.Add(host);
        return host.Start();
    }

    // The group comes to one generation in which every partition has one owner, and processes everything.
    private async Task SettleAsync()
    {
        while (!IsSettled()) await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(100));
    }

    private bool IsSettled()
    {
        if (members.Any(member => member.Generation < 0 || member.Generation != members[0].Generation)) return false;
        List<Partition> owned = [.. members.SelectMany(static member => member.Assigned).Order()];
        if (owned.Count != owned.Distinct().Count()) throw new BrokenPromiseException($"in generation {members[0].Generation} a partition has two owners: {string.Join(", ", owned)}");
        if (owned.Count.ToString(CultureInfo.InvariantCulture) != node.Properties["num.partitions"]) return false;
        return ledger.Partitions.All(each => each.Value.AcknowledgedOffsets.All(offset => group.Processed(each.Key).Contains(offset) && IsSeen(each.Key, offset)));
    }

    private bool IsSeen(Partition partition, long offset) =>
        managed.Exists(member => member.Seen.TryGetValue(partition, out SortedSet<long>? offsets) && offsets.Contains(offset));

    // The node ends once more, in one way or another, and nobody but the driver talks to it from then on.
    private async Task EndAsync()
    {
        foreach (SimulatedHost client in clients) client.Kill();
        await node.ServingAsync();
        await node.RestartAsync();
    }

    private async Task CompareAsync()
    {
        Reader reader = new(world.Driver, ledger);
        foreach ((Partition partition, PartitionLedger known) in ledger.Partitions) known.Compare(await reader.ReadAllAsync(partition));
        await new GroupAuditor(world.Driver, ledger, group, Group, () => node.Boots).CheckAsync([.. ledger.Partitions.Keys]);
    }
}
