using Moldau.Metadata.Control;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

/// <summary>AlterPartition, elections, reassignments.</summary>
public sealed class PartitionTests
{
    private readonly TestCluster cluster = new TestCluster().With(1, 2, 3);

    public PartitionTests()
    {
        cluster.CreateManually("t", [1, 2, 3]);
        cluster.Log.Clear();
    }

    private AlterPartitionRequest.PartitionData Data(params int[] isr)
    {
        PartitionRegistration partition = cluster.Partition("t");
        return new AlterPartitionRequest.PartitionData
        {
            LeaderEpoch = partition.LeaderEpoch,
            PartitionEpoch = partition.PartitionEpoch,
            NewIsrWithEpochs = [.. isr.Select(id => new AlterPartitionRequest.BrokerState { BrokerId = id, BrokerEpoch = cluster.Epoch(id) })],
        };
    }

    private AlterPartitionResponse.PartitionData Alter(int broker, AlterPartitionRequest.PartitionData data)
    {
        var request = new AlterPartitionRequest { BrokerId = broker, BrokerEpoch = cluster.Epoch(broker) };
        request.Topics.Add(new AlterPartitionRequest.TopicData { TopicId = cluster.Image.Topics.Find("t")!.Id, Partitions = [data] });
        return cluster.Run(cluster.Controller.AlterPartition(cluster.Context(3), request)).Topics[0].Partitions[0];
    }

    private ErrorCode AlterError(int broker, AlterPartitionRequest.PartitionData data) => (ErrorCode)Alter(broker, data).ErrorCode;

    private static AlterPartitionRequest.PartitionData With(AlterPartitionRequest.PartitionData data, Action<AlterPartitionRequest.PartitionData> change)
    {
        change(data);
        return data;
    }

    [Fact]
    public void AlterPartition_refuses_stale_brokers_topics_and_epochs()
    {
        var stale = new AlterPartitionRequest { BrokerId = 1, BrokerEpoch = 0 };
        Assert.Equal((short)ErrorCode.StaleBrokerEpoch, cluster.Run(cluster.Controller.AlterPartition(cluster.Context(3), stale)).ErrorCode);
        var unknown = new AlterPartitionRequest { BrokerId = 1, BrokerEpoch = cluster.Epoch(1), Topics = [new() { TopicId = new Uuid(9, 9), Partitions = [new()] }] };
        Assert.Equal((short)ErrorCode.UnknownTopicId, cluster.Run(cluster.Controller.AlterPartition(cluster.Context(3), unknown)).Topics[0].Partitions[0].ErrorCode);

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, AlterError(1, With(Data(1), d => d.PartitionIndex = 5)));
        Assert.Equal(ErrorCode.NotController, AlterError(1, With(Data(1), d => d.LeaderEpoch++)));
        Assert.Equal(ErrorCode.NotController, AlterError(1, With(Data(1), d => d.PartitionEpoch++)));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, AlterError(1, With(Data(1), d => d.LeaderEpoch--)));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, AlterError(1, With(Data(1), d => d.PartitionEpoch--)));
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void AlterPartition_refuses_an_isr_that_cannot_be()
    {
        Assert.Equal(ErrorCode.InvalidRequest, AlterError(2, Data(1, 2)));
        Assert.Equal(ErrorCode.InvalidRequest, AlterError(1, Data(2)));
        Assert.Equal(ErrorCode.InvalidRequest, AlterError(1, Data(1, 1)));
        Assert.Equal(ErrorCode.InvalidRequest, AlterError(1, With(Data(1), d => d.NewIsrWithEpochs.Add(new AlterPartitionRequest.BrokerState { BrokerId = 9 }))));
        Assert.Equal(ErrorCode.InvalidRequest, AlterError(1, With(Data(1), d => d.LeaderRecoveryState = 1)));
        Assert.Equal(ErrorCode.InvalidRequest, AlterError(1, With(Data(1), d => d.LeaderRecoveryState = 7)));
    }

    [Fact]
    public void AlterPartition_refuses_replicas_that_are_fenced_or_of_another_epoch()
    {
        Assert.Equal(ErrorCode.IneligibleReplica, AlterError(1, With(Data(1, 2), d => d.NewIsrWithEpochs[1].BrokerEpoch--)));
        cluster.Heartbeat(2, wantFence: true);
        Assert.Equal(ErrorCode.IneligibleReplica, AlterError(1, Data(1, 2)));
    }

    [Fact]
    public void AlterPartition_shrinks_and_expands_without_a_new_leader_epoch()
    {
        AlterPartitionResponse.PartitionData shrunk = Alter(1, Data(1, 3));
        Assert.Equal((0, 1, 0, 1), (shrunk.ErrorCode, shrunk.LeaderId, shrunk.LeaderEpoch, shrunk.PartitionEpoch));
        Assert.Equal([1, 3], cluster.Partition("t").Isr);
        Assert.Equal([1, 3, 2], Alter(1, With(Data(1, 3, 2), d => d.NewIsrWithEpochs[2].BrokerEpoch = -1)).Isr);
    }

    [Fact]
    public void Below_3_6_a_shrink_raises_the_leader_epoch()
    {
        TestCluster older = new TestCluster(11).With(1, 2);
        older.CreateManually("t", [1, 2]);
        var request = new AlterPartitionRequest { BrokerId = 1, BrokerEpoch = older.Epoch(1) };
        request.Topics.Add(new AlterPartitionRequest.TopicData { TopicId = older.Image.Topics.Find("t")!.Id, Partitions = [new() { NewIsr = [1] }] });
        Assert.Equal(1, older.Run(older.Controller.AlterPartition(older.Context(2), request)).Topics[0].Partitions[0].LeaderEpoch);
    }

    [Fact]
    public void Whoever_leaves_the_isr_below_min_isr_stays_eligible()
    {
        Set("min.insync.replicas", "2");
        Alter(1, Data(1));
        Assert.Equal([2, 3], cluster.Partition("t").Elr);
        cluster.Heartbeat(1, wantFence: true);
        PartitionRegistration partition = cluster.Partition("t");
        Assert.Equal((2, 2), (partition.Leader, Assert.Single(partition.Isr)));
        Assert.Equal([1, 3], partition.Elr);
    }

    [Fact]
    public void Reaching_min_isr_clears_the_elr()
    {
        Set("min.insync.replicas", "2");
        Alter(1, Data(1));
        Alter(1, Data(1, 2));
        Assert.Empty(cluster.Partition("t").Elr);
    }

    [Fact]
    public void Changing_min_isr_clears_every_elr_of_the_topic()
    {
        Set("min.insync.replicas", "2");
        Alter(1, Data(1));
        int epoch = cluster.Partition("t").PartitionEpoch;
        cluster.Log.Clear();
        Set("min.insync.replicas", "3");
        Assert.Equal("""ClearElr v0 {"topicName":"t"}""", cluster.Lines()[^1]);
        Assert.Empty(cluster.Partition("t").Elr);
        Assert.Equal(epoch + 1, cluster.Partition("t").PartitionEpoch);
    }

    [Fact]
    public void ElectLeaders_tells_why_it_did_not()
    {
        Assert.Equal((short)ErrorCode.InvalidRequest, cluster.Run(cluster.Controller.ElectLeaders(new ElectLeadersRequest { ElectionType = 2 })).ErrorCode);
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, "No such topic as x"), Elect(0, "x", 0));
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, "No such partition as t-9"), Elect(0, "t", 9));
        Assert.Equal(ErrorCode.ElectionNotNeeded, Elect(0, "t", 0).Item1);
        Assert.Equal(ErrorCode.ElectionNotNeeded, Elect(1, "t", 0).Item1);
        cluster.Heartbeat(1, wantFence: true);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Elect(0, "t", 0).Item1);
    }

    [Fact]
    public void ElectLeaders_gives_the_preferred_replica_its_leadership_back()
    {
        MoveTo2();
        Assert.Equal((ErrorCode.None, null), Elect(0, "t", 0));
        Assert.Equal((1, 2), (cluster.Partition("t").Leader, cluster.Partition("t").LeaderEpoch));
    }

    [Fact]
    public void ElectLeaders_of_all_leaves_out_what_needs_no_election()
    {
        cluster.CreateManually("u", [2], [3]);
        MoveTo2();
        ElectLeadersResponse response = cluster.Run(cluster.Controller.ElectLeaders(new ElectLeadersRequest { ElectionType = 0, TopicPartitions = null }));
        Assert.Equal([("t", 1), ("u", 0)], response.ReplicaElectionResults.Select(r => (r.Topic, r.PartitionResult.Count)));
    }

    [Fact]
    public void An_unclean_election_takes_any_live_replica_and_marks_it_recovering()
    {
        LoseAllBut3();
        Assert.Equal((ErrorCode.None, null), Elect(1, "t", 0));
        PartitionRegistration partition = cluster.Partition("t");
        Assert.Equal((3, 3, LeaderRecoveryState.Recovering), (partition.Leader, Assert.Single(partition.Isr), partition.RecoveryState));
        AlterPartitionRequest.PartitionData recovered = Data(3);
        Assert.Equal(0, Alter(3, recovered).ErrorCode);
        Assert.Equal(LeaderRecoveryState.Recovered, cluster.Partition("t").RecoveryState);
    }

    [Fact]
    public void A_topic_that_allows_it_is_led_uncleanly_at_the_next_interval()
    {
        LoseAllBut3();
        Set("unclean.leader.election.enable", "true");
        Assert.Equal(-1, cluster.Partition("t").Leader);
        cluster.NowMs += 300_000;
        cluster.Heartbeat(3);
        while (cluster.Run(cluster.Controller.Tick(cluster.NowMs)) is not PeriodicTask.ElectUncleanLeaders and var task) Assert.NotEqual(PeriodicTask.None, task);
        Assert.Equal(3, cluster.Partition("t").Leader);
    }

    [Fact]
    public void Leadership_returns_to_preferred_replicas_at_the_next_interval()
    {
        MoveTo2();
        cluster.NowMs += 300_000;
        foreach (int id in (int[])[1, 2, 3]) cluster.Heartbeat(id);
        Assert.Equal(PeriodicTask.RebalanceLeaders, cluster.Run(cluster.Controller.Tick(cluster.NowMs)));
        Assert.Equal(1, cluster.Partition("t").Leader);
        Assert.Equal(PeriodicTask.None, cluster.Run(cluster.Controller.Tick(cluster.NowMs)));
    }

    [Fact]
    public void A_reassignment_is_refused_where_it_makes_no_sense()
    {
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, "Unable to find a topic named x."), Reassign("x", 0, [1]));
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, "Unable to find partition t:4."), Reassign("t", 4, [1]));
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Reassign("t", 0, null).Item1);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign("t", 0, [1, 8]).Item1);
        Assert.Equal((ErrorCode.InvalidReplicationFactor, "The replication factor is changed from 3 to 2"), Reassign("t", 0, [1, 2], mayChangeFactor: false));
    }

    [Fact]
    public void A_reassignment_ends_when_the_new_replicas_are_in_sync()
    {
        cluster.With(4);
        Assert.Equal((ErrorCode.None, null), Reassign("t", 0, [4, 2, 3]));
        PartitionRegistration moving = cluster.Partition("t");
        Assert.Equal([4, 2, 3, 1], moving.Replicas);
        Assert.Equal((4, 1, 1), (Assert.Single(moving.AddingReplicas), Assert.Single(moving.RemovingReplicas), moving.Leader));
        ListPartitionReassignmentsResponse list = cluster.Controller.ListPartitionReassignments(new ListPartitionReassignmentsRequest { Topics = null });
        Assert.Equal([4], Assert.Single(Assert.Single(list.Topics).Partitions).AddingReplicas);

        Assert.Equal(ErrorCode.NewLeaderElected, AlterError(1, Data(1, 2, 3, 4)));
        PartitionRegistration moved = cluster.Partition("t");
        Assert.Equal([4, 2, 3], moved.Replicas);
        Assert.Equal([2, 3, 4], moved.Isr);
        Assert.Equal((4, false), (moved.Leader, moved.IsReassigning));
        Assert.Empty(cluster.Controller.ListPartitionReassignments(new ListPartitionReassignmentsRequest { Topics = null }).Topics);
    }

    [Fact]
    public void A_reassignment_can_be_cancelled()
    {
        cluster.With(4);
        Reassign("t", 0, [4, 2, 3]);
        Assert.Equal((ErrorCode.None, null), Reassign("t", 0, null));
        PartitionRegistration back = cluster.Partition("t");
        Assert.Equal([1, 2, 3], back.Replicas.Order());
        Assert.Equal((1, false), (back.Leader, back.IsReassigning));
    }

    [Fact]
    public void A_reassignment_that_only_drops_replicas_is_complete_at_once()
    {
        Assert.Equal((ErrorCode.None, null), Reassign("t", 0, [2, 1]));
        PartitionRegistration partition = cluster.Partition("t");
        Assert.Equal([2, 1], partition.Replicas);
        Assert.Equal((1, 1, false), (partition.Leader, partition.LeaderEpoch, partition.IsReassigning));
    }

    [Fact]
    public void A_replica_that_a_reassignment_takes_out_is_not_eligible_to_lead()
    {
        Set("min.insync.replicas", "3");
        Assert.Equal((ErrorCode.None, null), Reassign("t", 0, [1]));
        Assert.Equal([1], cluster.Partition("t").Replicas);
        Assert.Equal([1], cluster.Partition("t").Isr);
        Assert.Empty(cluster.Partition("t").Elr);
        cluster.Heartbeat(1, wantFence: true);
        Assert.False(cluster.Partition("t").HasLeader);
        Assert.Equal([1], cluster.Partition("t").Elr);
    }

    private void Set(string name, string value)
    {
        var changes = new ResourceChanges(ConfigResource.Topic("t"), [new ConfigChange(name, ConfigOperation.Set, value)]);
        Assert.Equal(ErrorCode.None, cluster.Run(cluster.Controller.AlterConfigs([changes], false))[0].Code);
    }

    private (ErrorCode, string?) Elect(sbyte type, string topic, int partition)
    {
        var request = new ElectLeadersRequest { ElectionType = type, TopicPartitions = [new() { Topic = topic, Partitions = [partition] }] };
        ElectLeadersResponse.PartitionResultEntry result = cluster.Run(cluster.Controller.ElectLeaders(request)).ReplicaElectionResults[0].PartitionResult[0];
        return ((ErrorCode)result.ErrorCode, result.ErrorMessage);
    }

    private (ErrorCode, string?) Reassign(string topic, int partition, int[]? replicas, bool mayChangeFactor = true)
    {
        var request = new AlterPartitionReassignmentsRequest { AllowReplicationFactorChange = mayChangeFactor };
        request.Topics.Add(new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Replicas = replicas is null ? null : [.. replicas] }] });
        var result = cluster.Run(cluster.Controller.AlterPartitionReassignments(request)).Responses[0].Partitions[0];
        return ((ErrorCode)result.ErrorCode, result.ErrorMessage);
    }

    private void MoveTo2()
    {
        cluster.Heartbeat(1, wantFence: true);
        cluster.Heartbeat(1);
        Alter(2, Data(1, 2, 3));
        Assert.Equal(2, cluster.Partition("t").Leader);
    }

    /// <summary>1 and 2 were in sync and are gone, 3 was not and lives.</summary>
    private void LoseAllBut3()
    {
        Alter(1, Data(1, 2));
        cluster.Heartbeat(2, wantFence: true);
        cluster.Heartbeat(1, wantFence: true);
        Assert.Equal(-1, cluster.Partition("t").Leader);
    }
}
