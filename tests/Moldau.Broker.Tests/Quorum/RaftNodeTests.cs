using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Formatting;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Raft;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Quorum;

public sealed class RaftNodeTests
{
    internal static MetadataRecord Topic(string name) => new(new TopicRecord { Name = name, TopicId = new(1, name.GetHashCode(StringComparison.Ordinal)) }, 0);

    private static string NameOf(MetadataRecord record) => ((TopicRecord)record.Message).Name;

    /// <summary>Runs a scenario on a simulated machine.</summary>
    private static void Simulate(Func<QuorumHost, SimulatedProcess, Task> scenario)
    {
        using var world = new SimulatedWorld(1);
        world.Run(() => scenario(new QuorumHost(world.Driver.Files, world.Driver.Scheduler, "/data"), world.Driver));
    }

    [Fact]
    public void An_append_of_another_epoch_is_refused_and_leaves_nothing() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        long end = host.Raft.LogEndOffset;
        Assert.Throws<NotLeaderException>(() => host.Raft.Append(2, [Topic("a")]));
        Assert.Throws<NotLeaderException>(() => host.Raft.Append(0, [Topic("a")]));
        Assert.Equal(end, host.Raft.LogEndOffset);
    });

    [Fact]
    public void Records_that_do_not_fit_into_one_batch_are_refused_or_split() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        MetadataRecord big = new(new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "n", Value = new string('x', 30_000) }, 0);
        MetadataRecord[] many = [.. Enumerable.Repeat(big, 400)];
        Assert.Throws<MetadataBatchTooLargeException>(() => host.Raft.Append(1, many));
        Assert.Equal(402, host.Raft.AppendInParts(1, many));
        await host.Listener.CommittedAsync(402);
        Assert.Equal(400, host.Listener.Records.Count);
        Assert.True(host.Listener.Batches.Count(batch => batch.Records.Count > 0) > 1);
        Assert.Equal(403, host.Raft.Append(1, [Topic("after")]));
        await host.StopAsync();
    });

    [Fact]
    public void A_first_start_leads_and_commits_leader_change_version_and_voters() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        Assert.Equal(["commit 0-2", "leader 1 in 1"], host.Listener.Events);
        Assert.Equal((1, 1, 3L), (host.Raft.Status.Epoch, host.Raft.Status.LeaderId, host.Raft.Status.HighWatermark));
        Assert.Equal(1, host.Raft.Status.KRaftVersion);
        Assert.Equal(6, host.Raft.Bootstrap.Count);
        ReplicaStatus self = Assert.Single((await host.Raft.DescribeAsync()).Replicas);
        Assert.Equal((1, 3L), (self.Key.Id, self.LogEndOffset));
        await host.StopAsync();
    });

    [Fact]
    public void What_is_appended_is_committed_in_order_with_epoch_and_time() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        Assert.Equal(4, host.Raft.Append(1, [Topic("a"), Topic("b")]));
        Assert.Equal(5, host.Raft.Append(1, [Topic("c")]));
        await host.Listener.CommittedAsync(5);
        Assert.Equal(["a", "b", "c"], host.Listener.Records.Select(entry => NameOf(entry.Record)));
        Assert.Equal([3, 4, 5], host.Listener.Records.Select(entry => entry.Offset));
        Assert.All(host.Listener.Batches, batch => Assert.Equal(1, batch.Epoch));
        Assert.All(host.Listener.Batches, batch => Assert.True(batch.AppendTimestampMs > 1_700_000_000_000));
        await host.StopAsync();
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_restart_replays_everything_and_takes_the_next_epoch(bool clean) => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        host.Raft.Append(1, [Topic("a"), Topic("b")]);
        await host.Listener.CommittedAsync(4);
        await host.StopAsync(clean);

        await host.StartAsync();
        await host.Listener.LeadsAsync();
        Assert.Equal(["a", "b"], host.Listener.Records.Select(entry => NameOf(entry.Record)));
        Assert.Equal("leader 1 in 2", host.Listener.Events[^1]);
        Assert.Equal("commit 5-5", host.Listener.Events[^2]);
        await host.StopAsync();
    });

    [Fact]
    public void A_node_that_listens_elsewhere_writes_the_voters_again() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        await host.StopAsync();
        host.Endpoints = [new VoterEndpoint("CONTROLLER", "127.0.0.1", 9999)];
        await host.StartAsync();
        Assert.Equal(9999, host.Raft.Status.Voters.Nodes[0].Endpoints[0].Port);
        await host.StopAsync();
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        Assert.Equal(["commit 0-2", "commit 3-5", "commit 6-6", "leader 1 in 3"], host.Listener.Events);
        await host.StopAsync();
    });

    [Fact]
    public void A_listener_that_comes_late_gets_everything() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        host.Raft.Append(1, [Topic("a")]);
        await host.Listener.CommittedAsync(3);
        var late = new RecordingListener();
        host.Raft.Register(late);
        await late.LeadsAsync();
        Assert.Equal(["commit 0-2", "commit 3-3", "leader 1 in 1"], late.Events);
        await host.StopAsync();
    });

    [Fact]
    public void A_failed_flush_ends_the_node_and_commits_nothing_more() => Simulate(async (host, machine) =>
    {
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        machine.Host.Disk.Faults.FailFlush();
        host.Raft.Append(1, [Topic("lost")]);
        await Assert.ThrowsAsync<MetadataLogFailedException>(() => host.Raft.Completion);
        Assert.Empty(host.Listener.Records);
        Assert.Throws<NotLeaderException>(() => host.Raft.Append(1, [Topic("never")]));
    });

    [Fact]
    public void A_voter_set_of_others_is_refused() => Simulate(async (host, machine) =>
    {
        IReadOnlyList<InitialController> two = InitialController.ParseList("1@a:1:JEXY6aqzQY-32P5TStzaFg,2@b:2:MvDxzVmcRsaTz33bUuRU6A");
        await new StorageFormatter(machine.Files, machine.Scheduler)
            .FormatAsync(host.Format with { Quorum = InitialQuorum.InitialControllers, InitialControllers = two });
        await Assert.ThrowsAsync<UnsupportedQuorumException>(host.StartAsync);
    });

    [Fact]
    public void A_damaged_quorum_state_is_told_by_its_path() => Simulate(async (host, machine) =>
    {
        await host.StartAsync();
        await host.StopAsync();
        using (IFile file = machine.Files.Open(Path.Join(host.MetadataFolder, "quorum-state"), FileOpen.CreateEmpty)) file.Write(0, "{}"u8);
        MetadataLogCorruptException broken = await Assert.ThrowsAsync<MetadataLogCorruptException>(host.StartAsync);
        Assert.EndsWith("quorum-state", broken.Path, StringComparison.Ordinal);
    });

    [Fact]
    public void The_quorum_state_is_what_kafka_writes() => Simulate(async (host, machine) =>
    {
        await host.StartAsync();
        using IFile file = machine.Files.Open(Path.Join(host.MetadataFolder, "quorum-state"), FileOpen.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        Assert.Equal(
            """{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}""",
            System.Text.Encoding.UTF8.GetString(bytes));
        await host.StopAsync();
    });
}
