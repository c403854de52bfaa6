using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class HeartbeatTests
{
    private readonly TestCluster cluster = new();

    [Fact]
    public void Refuses_an_unknown_broker_and_an_old_epoch()
    {
        BrokerHeartbeatResponse unknown = cluster.Run(cluster.Controller.BrokerHeartbeat(cluster.Context(), new BrokerHeartbeatRequest { BrokerId = 1, BrokerEpoch = 1 }));
        Assert.Equal((ErrorCode.StaleBrokerEpoch, true), ((ErrorCode)unknown.ErrorCode, unknown.IsFenced));
        cluster.With(1);
        var stale = new BrokerHeartbeatRequest { BrokerId = 1, BrokerEpoch = cluster.Epoch(1) - 1 };
        Assert.Equal((short)ErrorCode.StaleBrokerEpoch, cluster.Run(cluster.Controller.BrokerHeartbeat(cluster.Context(), stale)).ErrorCode);
    }

    [Fact]
    public void A_broker_stays_fenced_until_it_has_read_its_registration()
    {
        cluster.Register(1);
        BrokerHeartbeatResponse behind = cluster.Heartbeat(1, offset: cluster.NextOffset - 2);
        Assert.Equal((false, true), (behind.IsCaughtUp, behind.IsFenced));
        BrokerHeartbeatResponse there = cluster.Heartbeat(1);
        Assert.Equal((true, false), (there.IsCaughtUp, there.IsFenced));
    }

    [Fact]
    public void A_broker_that_wants_to_be_fenced_stays_so()
    {
        cluster.Register(1);
        Assert.True(cluster.Heartbeat(1, wantFence: true).IsFenced);
        cluster.Heartbeat(1);
        Assert.True(cluster.Heartbeat(1, wantFence: true).IsFenced);
        Assert.True(cluster.Image.Cluster.Broker(1)!.Fenced);
    }

    [Fact]
    public void Unfencing_writes_one_record_and_gives_leaders_to_partitions_without()
    {
        cluster.With(1, 2);
        cluster.CreateManually("t", [1]);
        cluster.Heartbeat(1, wantFence: true);
        Assert.Equal(-1, cluster.Partition("t").Leader);
        cluster.Log.Clear();
        cluster.Heartbeat(1);
        Assert.Equal(
            [
                $$"""BrokerRegistrationChange v0 {"brokerId":1,"brokerEpoch":{{cluster.Epoch(1)}},"fenced":-1}""",
                $$"""PartitionChange v2 {"partitionId":0,"topicId":"{{CountingRandom.Id(1)}}","isr":[1],"leader":1,"eligibleLeaderReplicas":[],"lastKnownElr":[]}""",
            ],
            cluster.Lines());
    }

    [Fact]
    public void Fencing_the_only_replica_keeps_it_eligible_and_remembers_it_as_leader()
    {
        cluster.With(1);
        cluster.Create("t");
        cluster.Log.Clear();
        cluster.Heartbeat(1, wantFence: true);
        Assert.Equal(
            [
                $$"""PartitionChange v2 {"partitionId":0,"topicId":"{{CountingRandom.Id(1)}}","isr":[],"leader":-1,"eligibleLeaderReplicas":[1],"lastKnownElr":[1]}""",
                $$"""BrokerRegistrationChange v0 {"brokerId":1,"brokerEpoch":{{cluster.Epoch(1)}},"fenced":1}""",
            ],
            cluster.Lines());
    }

    [Fact]
    public void Without_elr_the_last_replica_stays_in_the_isr()
    {
        var older = new TestCluster(22).With(1);
        older.Create("t");
        older.Heartbeat(1, wantFence: true);
        Assert.Equal((-1, 1), (older.Partition("t").Leader, Assert.Single(older.Partition("t").Isr)));
        older.Heartbeat(1);
        Assert.Equal(1, older.Partition("t").Leader);
    }

    [Fact]
    public void A_broker_without_leaderships_goes_at_once()
    {
        cluster.With(1, 2);
        BrokerHeartbeatResponse response = cluster.Heartbeat(1, wantShutDown: true);
        Assert.Equal((true, true), (response.ShouldShutDown, response.IsFenced));
        Assert.True(cluster.Image.Cluster.Broker(1)!.Fenced);
    }

    [Fact]
    public void A_fenced_broker_goes_at_once()
    {
        cluster.Register(1);
        Assert.True(cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown);
    }

    [Fact]
    public void Controlled_shutdown_moves_leaders_and_waits_for_the_others_to_read_of_it()
    {
        cluster.With(1, 2);
        cluster.CreateManually("t", [1, 2]);
        long before = cluster.NextOffset - 1;
        cluster.Heartbeat(2);
        cluster.Log.Clear();

        BrokerHeartbeatResponse first = cluster.Heartbeat(1, wantShutDown: true);
        Assert.Equal((false, false), (first.ShouldShutDown, first.IsFenced));
        Assert.Equal(
            [
                $$"""BrokerRegistrationChange v1 {"brokerId":1,"brokerEpoch":{{cluster.Epoch(1)}},"inControlledShutdown":1}""",
                $$"""PartitionChange v2 {"partitionId":0,"topicId":"{{CountingRandom.Id(1)}}","isr":[2],"leader":2}""",
            ],
            cluster.Lines());
        Assert.False(cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown);

        cluster.Heartbeat(2, offset: before);
        Assert.False(cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown);
        cluster.Heartbeat(2);
        Assert.True(cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown);
        Assert.True(cluster.Image.Cluster.Broker(1)!.Fenced);
    }

    [Fact]
    public void A_broker_that_is_going_gets_no_replicas()
    {
        cluster.With(1, 2);
        cluster.CreateManually("t", [1, 2]);
        cluster.Heartbeat(1, wantShutDown: true);
        cluster.Create("u", 10);
        Assert.DoesNotContain(cluster.Image.Topics.Find("u")!.Partitions.Values, p => p.Replicas.Contains(1));
    }

    [Fact]
    public void A_session_that_ends_fences_one_broker_a_tick()
    {
        cluster.With(1, 2, 3);
        cluster.CreateManually("t", [1, 2, 3]);
        cluster.NowMs += 9_000;
        cluster.Heartbeat(3);
        Assert.Equal(PeriodicTask.None, cluster.Run(cluster.Controller.Tick(cluster.NowMs)));
        Assert.Equal(cluster.NowMs + 1, cluster.Controller.NextDeadlineMs);

        cluster.NowMs += 1;
        Assert.Equal(PeriodicTask.FenceStaleBroker, cluster.Run(cluster.Controller.Tick(cluster.NowMs)));
        Assert.Equal([2, 3], cluster.Partition("t").Isr);
        Assert.True(cluster.Controller.NextDeadlineMs <= cluster.NowMs);
        Assert.Equal(PeriodicTask.FenceStaleBroker, cluster.Run(cluster.Controller.Tick(cluster.NowMs)));
        Assert.Equal((3, 3), (cluster.Partition("t").Leader, Assert.Single(cluster.Partition("t").Isr)));
        Assert.Equal(PeriodicTask.None, cluster.Run(cluster.Controller.Tick(cluster.NowMs)));
        Assert.Equal(cluster.NowMs - 1 + 9_001, cluster.Controller.NextDeadlineMs);
    }

    [Fact]
    public void A_new_controller_gives_every_broker_a_full_session()
    {
        cluster.With(1);
        cluster.NowMs += 100_000;
        cluster.Controller.Deactivate();
        cluster.Controller.Activate(cluster.NowMs, cluster.NextOffset, []);
        Assert.Equal(PeriodicTask.None, cluster.Controller.Tick(cluster.NowMs + 9_000).Response);
        Assert.Equal(PeriodicTask.FenceStaleBroker, cluster.Controller.Tick(cluster.NowMs + 9_001).Response);
    }

    [Fact]
    public void An_idle_log_gets_a_record_at_each_interval()
    {
        var idle = new TestCluster(configure: o => o with { MaxIdleIntervalMs = 500 });
        Assert.Equal(idle.NowMs + 500, idle.Controller.NextDeadlineMs);
        Assert.Equal(PeriodicTask.None, idle.Run(idle.Controller.Tick(idle.NowMs + 499)));
        Assert.Equal(PeriodicTask.NoOp, idle.Run(idle.Controller.Tick(idle.NowMs + 500)));
        Assert.Equal(["NoOp v0 {}"], idle.Lines());
        Assert.Equal(idle.NowMs + 1_000, idle.Controller.NextDeadlineMs);
    }

    [Fact]
    public void A_failed_directory_takes_its_replicas_out_of_the_isr()
    {
        cluster.Register(1, directories: 2);
        cluster.Heartbeat(1);
        cluster.With(2);
        cluster.CreateManually("t", [1, 2]);
        Assign(1, TestCluster.Directory(1, 1), "t", 0);
        cluster.Log.Clear();
        cluster.Heartbeat(1, offline: TestCluster.Directory(1, 1));
        Assert.Equal((2, 2), (cluster.Partition("t").Leader, Assert.Single(cluster.Partition("t").Isr)));
        Assert.Equal([TestCluster.Directory(1)], cluster.Image.Cluster.Broker(1)!.Directories);
        cluster.Log.Clear();
        cluster.Heartbeat(1, offline: TestCluster.Directory(1, 1));
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void Cordoned_directories_are_recorded_when_they_change()
    {
        cluster.Register(1);
        var request = new BrokerHeartbeatRequest { BrokerId = 1, BrokerEpoch = cluster.Epoch(1), CurrentMetadataOffset = -1, CordonedLogDirs = [] };
        cluster.Log.Clear();
        cluster.Run(cluster.Controller.BrokerHeartbeat(cluster.Context(2), request));
        cluster.Run(cluster.Controller.BrokerHeartbeat(cluster.Context(2), request));
        Assert.Equal([$$"""BrokerRegistrationChange v3 {"brokerId":1,"brokerEpoch":{{cluster.Epoch(1)}},"cordonedLogDirs":[]}"""], cluster.Lines());
    }

    [Fact]
    public void Assigning_a_replica_to_a_directory_is_checked()
    {
        cluster.Register(1, directories: 2);
        cluster.Heartbeat(1);
        cluster.With(2);
        cluster.CreateManually("t", [1]);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Assign(1, TestCluster.Directory(1, 1), "t", 5));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, Assign(2, TestCluster.Directory(2), "t", 0));
        Assert.Equal(ErrorCode.None, Assign(1, TestCluster.Directory(1, 1), "t", 0));
        Assert.Equal([TestCluster.Directory(1, 1)], cluster.Partition("t").Directories);
        Assert.Equal(ErrorCode.None, Assign(1, Uuid.LostDirectory, "t", 0));
        Assert.Equal(-1, cluster.Partition("t").Leader);
    }

    private ErrorCode Assign(int broker, Uuid directory, string topic, int partition)
    {
        var request = new AssignReplicasToDirsRequest { BrokerId = broker, BrokerEpoch = cluster.Epoch(broker) };
        request.Directories.Add(new AssignReplicasToDirsRequest.DirectoryData
        {
            Id = directory,
            Topics = [new() { TopicId = cluster.Image.Topics.Find(topic)!.Id, Partitions = [new() { PartitionIndex = partition }] }],
        });
        return (ErrorCode)cluster.Run(cluster.Controller.AssignReplicasToDirs(request)).Directories[0].Topics[0].Partitions[0].ErrorCode;
    }
}
