using Moldau.Metadata.Control;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class RegistrationTests
{
    private readonly TestCluster cluster = new();

    private ErrorCode Register(BrokerRegistrationRequest request) => (ErrorCode)cluster.Run(cluster.Controller.RegisterBroker(cluster.Context(4), request)).ErrorCode;

    private static BrokerRegistrationRequest With(BrokerRegistrationRequest request, Action<BrokerRegistrationRequest> change)
    {
        change(request);
        return request;
    }

    [Fact]
    public void Refuses_a_broker_of_another_cluster() =>
        Assert.Equal(ErrorCode.InconsistentClusterId, Register(With(cluster.Registration(1), r => r.ClusterId = "other")));

    [Fact]
    public void Refuses_a_broker_of_a_migration() => Assert.Equal(ErrorCode.BrokerIdNotRegistered, Register(With(cluster.Registration(1), r => r.IsMigratingZkBroker = true)));

    [Fact]
    public void Refuses_directories_that_are_missing_reserved_twice_or_anothers()
    {
        Assert.Equal(ErrorCode.InvalidRegistration, Register(With(cluster.Registration(1), r => r.LogDirs.Clear())));
        Assert.Equal(ErrorCode.InvalidRegistration, Register(With(cluster.Registration(1), r => r.LogDirs = [new Uuid(0, 99)])));
        Assert.Equal(ErrorCode.InvalidRegistration, Register(With(cluster.Registration(1), r => r.LogDirs = [new Uuid(5, 5), new Uuid(5, 5)])));
        Assert.Equal(ErrorCode.None, Register(cluster.Registration(2)));
        Assert.Equal(ErrorCode.InvalidRegistration, Register(With(cluster.Registration(1), r => r.LogDirs = [TestCluster.Directory(2)])));
    }

    [Fact]
    public void Refuses_a_broker_that_cannot_run_at_the_finalized_levels()
    {
        Assert.Equal(ErrorCode.InvalidRegistration, Register(With(cluster.Registration(1), r => r.Features = [.. r.Features.Where(f => f.Name != "metadata.version")])));
        Assert.Equal(ErrorCode.UnsupportedVersion, Register(With(cluster.Registration(1), r => r.Features.Single(f => f.Name == "metadata.version").MaxSupportedVersion = 32)));
        Assert.Equal(ErrorCode.UnsupportedVersion, Register(With(cluster.Registration(1), r => r.Features = [.. r.Features.Where(f => f.Name != "group.version")])));
    }

    [Fact]
    public void Refuses_another_incarnation_while_the_session_lasts()
    {
        cluster.With(1);
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, cluster.Register(1, incarnation: 2));
        cluster.NowMs += 9_000;
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, cluster.Register(1, incarnation: 2));
        cluster.NowMs += 1;
        Assert.Equal(ErrorCode.None, cluster.Register(1, incarnation: 2));
    }

    [Fact]
    public void The_epoch_is_the_offset_of_the_first_record_and_the_broker_is_fenced()
    {
        long offset = cluster.NextOffset;
        BrokerRegistrationResponse response = cluster.Run(cluster.Controller.RegisterBroker(cluster.Context(4), cluster.Registration(1, "r1")));
        Assert.Equal(offset, response.BrokerEpoch);
        Assert.Equal(
            [
                $$"""RegisterBroker v4 {"brokerId":1,"isMigratingZkBroker":false,"incarnationId":"{{new Uuid(1, 1)}}","brokerEpoch":{{offset}},"endPoints":[{"name":"PLAINTEXT","host":"localhost","port":9093,"securityProtocol":0}],"features":[{"name":"eligible.leader.replicas.version","minSupportedVersion":0,"maxSupportedVersion":1},{"name":"group.version","minSupportedVersion":0,"maxSupportedVersion":1},{"name":"kraft.version","minSupportedVersion":0,"maxSupportedVersion":1},{"name":"metadata.version","minSupportedVersion":7,"maxSupportedVersion":33},{"name":"share.version","minSupportedVersion":0,"maxSupportedVersion":2},{"name":"streams.version","minSupportedVersion":0,"maxSupportedVersion":1},{"name":"transaction.version","minSupportedVersion":0,"maxSupportedVersion":2}],"rack":"r1","fenced":true,"inControlledShutdown":false,"logDirs":["{{TestCluster.Directory(1)}}"]}""",
            ],
            cluster.Lines());
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(17, 3)]
    [InlineData(30, 4)]
    public void Writes_the_registration_at_the_version_of_the_level(short level, short version)
    {
        var older = new TestCluster(level);
        older.Register(1);
        Assert.Equal(version, older.Log[^1].Version);
    }

    [Fact]
    public void The_same_incarnation_keeps_epoch_and_state()
    {
        cluster.With(1);
        long epoch = cluster.Epoch(1);
        Assert.Equal(ErrorCode.None, cluster.Register(1, rack: "new"));
        BrokerRegistration broker = cluster.Image.Cluster.Broker(1)!;
        Assert.Equal((epoch, false, "new"), (broker.Epoch, broker.Fenced, broker.Rack));
    }

    [Fact]
    public void A_new_incarnation_that_lost_its_epoch_leaves_isr_and_elr()
    {
        cluster.With(1, 2);
        cluster.CreateManually("t", [1, 2]);
        cluster.NowMs += 9_001;
        cluster.Heartbeat(2);
        cluster.Log.Clear();
        Assert.Equal(ErrorCode.None, cluster.Register(1, incarnation: 2));
        Assert.StartsWith("PartitionChange v2", cluster.Lines()[0], StringComparison.Ordinal);
        Assert.Equal([2], cluster.Partition("t").Isr);
        Assert.Equal(2, cluster.Partition("t").Leader);
        Assert.True(cluster.Image.Cluster.Broker(1)!.Fenced);
    }

    [Fact]
    public void A_clean_restart_keeps_the_only_replica_eligible()
    {
        cluster.With(1);
        cluster.Create("t");
        long epoch = cluster.Epoch(1);
        cluster.NowMs += 9_001;
        Assert.Equal(ErrorCode.None, cluster.Register(1, incarnation: 2, previousEpoch: epoch));
        PartitionRegistration partition = cluster.Partition("t");
        Assert.Equal((-1, 0, 1), (partition.Leader, partition.Isr.Length, Assert.Single(partition.Elr)));
        cluster.Heartbeat(1);
        Assert.Equal((1, 1), (cluster.Partition("t").Leader, Assert.Single(cluster.Partition("t").Isr)));
    }

    [Fact]
    public void An_unclean_restart_of_the_only_replica_leads_again_by_the_last_known_leader()
    {
        cluster.With(1);
        cluster.Create("t");
        cluster.NowMs += 9_001;
        Assert.Equal(ErrorCode.None, cluster.Register(1, incarnation: 2));
        Assert.Equal([1], cluster.Partition("t").LastKnownElr);
        Assert.Empty(cluster.Partition("t").Elr);
        cluster.Heartbeat(1);
        PartitionRegistration partition = cluster.Partition("t");
        Assert.Equal((1, LeaderRecoveryState.Recovering), (partition.Leader, partition.RecoveryState));
        Assert.Empty(partition.LastKnownElr);
    }

    [Fact]
    public void A_node_of_one_takes_its_own_id_over_without_waiting()
    {
        var first = new TestCluster(nodeId: 1).With(1);
        var restarted = new Controller(first.Options with { HasLocalBroker = true });
        restarted.LoadSnapshot(ImageWriter.Write(first.Image), first.NextOffset - 1);
        restarted.Activate(first.NowMs, first.NextOffset + 1, []);
        BrokerRegistrationRequest request = first.Registration(1, incarnation: 2);
        Assert.Equal(0, restarted.RegisterBroker(first.Context(4), request).Response.ErrorCode);

        restarted.BrokerHeartbeat(first.Context(2), new BrokerHeartbeatRequest { BrokerId = 1, BrokerEpoch = first.Epoch(1), CurrentMetadataOffset = 0 });
        Assert.Equal((short)ErrorCode.DuplicateBrokerRegistration, restarted.RegisterBroker(first.Context(4), request).Response.ErrorCode);
    }

    [Fact]
    public void Unregistering_needs_a_registration_and_takes_the_broker_out_of_everything()
    {
        cluster.With(1, 2);
        cluster.CreateManually("t", [1, 2]);
        cluster.Log.Clear();
        UnregisterBrokerResponse refused = cluster.Run(cluster.Controller.UnregisterBroker(new UnregisterBrokerRequest { BrokerId = 7 }));
        Assert.Equal((ErrorCode.BrokerIdNotRegistered, "Broker ID 7 is not currently registered"), ((ErrorCode)refused.ErrorCode, refused.ErrorMessage));
        Assert.Equal(0, cluster.Run(cluster.Controller.UnregisterBroker(new UnregisterBrokerRequest { BrokerId = 1 })).ErrorCode);
        Assert.Equal(["PartitionChange", "UnregisterBroker"], cluster.Lines().Select(line => line.Split(' ')[0]));
        Assert.Null(cluster.Published.Cluster.Broker(1));
        Assert.Equal([2], cluster.Partition("t").Isr);
    }

    [Fact]
    public void Controllers_register_and_unregister()
    {
        var request = new ControllerRegistrationRequest { ControllerId = 100, IncarnationId = new Uuid(3, 3) };
        request.Listeners.Add(new ControllerRegistrationRequest.Listener { Name = "CONTROLLER", Host = "localhost", Port = 9093 });
        Assert.Equal(0, cluster.Run(cluster.Controller.RegisterController(request)).ErrorCode);
        Assert.Equal("CONTROLLER", Assert.Single(cluster.Published.Cluster.Controllers[100].Listeners).Name);

        UnregisterControllerResponse refused = cluster.Run(cluster.Controller.UnregisterController(new UnregisterControllerRequest { ControllerId = 5 }));
        Assert.Equal((ErrorCode.ControllerIdNotRegistered, "Controller ID 5 is not currently registered."), ((ErrorCode)refused.ErrorCode, refused.ErrorMessage));
        Assert.Equal(0, cluster.Run(cluster.Controller.UnregisterController(new UnregisterControllerRequest { ControllerId = 100 })).ErrorCode);
        Assert.Empty(cluster.Published.Cluster.Controllers);
    }

    [Fact]
    public void Below_their_levels_controllers_neither_register_nor_unregister()
    {
        var older = new TestCluster(14);
        Assert.Equal((short)ErrorCode.UnsupportedVersion, older.Run(older.Controller.RegisterController(new ControllerRegistrationRequest())).ErrorCode);
        Assert.Equal((short)ErrorCode.UnsupportedVersion, older.Run(older.Controller.UnregisterController(new UnregisterControllerRequest())).ErrorCode);
    }
}
