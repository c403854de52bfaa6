using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class TopicCreationTests
{
    private readonly TestCluster cluster = new TestCluster().With(1, 2, 3);

    private void Refused(ErrorCode error, string message, CreateTopicsResponse.CreatableTopicResult result)
    {
        Assert.Equal((error, message), ((ErrorCode)result.ErrorCode, result.ErrorMessage));
        Assert.Empty(cluster.Log);
    }

    [Theory]
    [InlineData("", "Topic name is invalid: the empty string is not allowed")]
    [InlineData(".", "Topic name is invalid: '.' is not allowed")]
    [InlineData("..", "Topic name is invalid: '..' is not allowed")]
    [InlineData("a b", "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    [InlineData("ä", "Topic name is invalid: 'ä' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    public void Refuses_an_invalid_name(string name, string message) => Refused(ErrorCode.InvalidTopicException, message, cluster.Create(name));

    [Fact]
    public void Refuses_a_name_of_250_characters_and_takes_249()
    {
        Assert.Equal((short)ErrorCode.InvalidTopicException, cluster.Create(new string('a', 250)).ErrorCode);
        Assert.Equal(0, cluster.Create(new string('a', 249)).ErrorCode);
    }

    [Fact]
    public void Refuses_the_metadata_log() => Refused(ErrorCode.InvalidRequest, "Creation of internal topic __cluster_metadata is prohibited.", cluster.Create("__cluster_metadata"));

    [Fact]
    public void Refuses_a_topic_that_exists()
    {
        cluster.Create("t");
        cluster.Log.Clear();
        Refused(ErrorCode.TopicAlreadyExists, "Topic 't' already exists.", cluster.Create("t"));
    }

    [Fact]
    public void Refuses_a_name_that_metrics_could_not_tell_from_another()
    {
        cluster.Create("a.b");
        cluster.Log.Clear();
        Refused(ErrorCode.InvalidTopicException, "Topic 'a_b' collides with existing topic: a.b", cluster.Create("a_b"));
    }

    [Fact]
    public void A_colliding_name_is_free_again_once_the_other_is_deleted()
    {
        cluster.Create("a.b");
        var delete = new DeleteTopicsRequest();
        delete.TopicNames.Add("a.b");
        cluster.Run(cluster.Controller.DeleteTopics(cluster.Context(1), delete, _ => true, _ => true));
        Assert.Equal(0, cluster.Create("a_b").ErrorCode);
    }

    [Fact]
    public void Of_two_colliding_names_in_one_request_the_first_is_made()
    {
        var request = new CreateTopicsRequest();
        request.Topics.Add(new CreateTopicsRequest.CreatableTopic { Name = "a.b", NumPartitions = 1, ReplicationFactor = 1 });
        request.Topics.Add(new CreateTopicsRequest.CreatableTopic { Name = "a_b", NumPartitions = 1, ReplicationFactor = 1 });
        CreateTopicsResponse response = cluster.Run(cluster.Controller.CreateTopics(request, _ => true));
        Assert.Equal([0, (short)ErrorCode.InvalidTopicException], response.Topics.Select(t => t.ErrorCode));
    }

    [Fact]
    public void Refuses_a_name_given_twice_and_makes_the_others()
    {
        var request = new CreateTopicsRequest();
        foreach (string name in (string[])["x", "y", "x"]) request.Topics.Add(new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = 1, ReplicationFactor = 1 });
        CreateTopicsResponse response = cluster.Run(cluster.Controller.CreateTopics(request, _ => true));
        Assert.Equal([("y", (short)0), ("x", (short)ErrorCode.InvalidRequest)], response.Topics.Select(t => (t.Name, t.ErrorCode)));
        Assert.Equal("Duplicate topic name.", response.Topics[1].ErrorMessage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Refuses_a_number_of_partitions_that_is_none(int partitions) =>
        Refused(ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.", cluster.Create("t", partitions));

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Refuses_a_replication_factor_that_is_none(short factor) =>
        Refused(ErrorCode.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.", cluster.Create("t", 1, factor));

    [Fact]
    public void Refuses_more_replicas_than_brokers() => Refused(
        ErrorCode.InvalidReplicationFactor,
        "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because only 3 broker(s) are registered.",
        cluster.Create("t", 1, 4));

    [Fact]
    public void Refuses_while_every_broker_is_fenced()
    {
        var empty = new TestCluster();
        empty.Register(1);
        CreateTopicsResponse.CreatableTopicResult result = empty.Create("t");
        Assert.Equal("Unable to replicate the partition 1 time(s): All brokers are currently fenced.", result.ErrorMessage);
    }

    [Fact]
    public void Refuses_more_than_ten_thousand_partitions_in_a_request() =>
        Refused(ErrorCode.PolicyViolation, "Excessively large number of partitions per request.", cluster.Create("t", 10_001));

    [Fact]
    public void Refuses_a_config_that_is_not_valid()
    {
        Refused(ErrorCode.InvalidConfig, "Unknown topic config name: nonsense", cluster.Create("t", configs: ("nonsense", "1")));
        Refused(ErrorCode.InvalidConfig, "Null value not supported for topic configs: retention.ms", cluster.Create("t", configs: ("retention.ms", null)));
    }

    [Fact]
    public void Refuses_numbers_beside_a_manual_assignment()
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = "t", NumPartitions = 1, ReplicationFactor = -1 };
        topic.Assignments.Add(new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = 0, BrokerIds = [1] });
        Refused(ErrorCode.InvalidRequest, "A manual partition assignment was specified, but numPartitions was not set to -1.", cluster.Create(topic, false));
        topic.ReplicationFactor = 1;
        Refused(ErrorCode.InvalidRequest, "A manual partition assignment was specified, but replication factor was not set to -1.", cluster.Create(topic, false));
    }

    [Fact]
    public void Refuses_a_manual_assignment_that_is_not_valid()
    {
        Refused(ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes an empty replica list.", cluster.CreateManually("t", Array.Empty<int>()));
        Refused(ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes broker 9, but no such broker is registered.", cluster.CreateManually("t", [9]));
        Refused(ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes the broker 1 more than once.", cluster.CreateManually("t", [1, 1]));
        Refused(
            ErrorCode.InvalidReplicaAssignment,
            "The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with previous partitions, which have 2 replica(s).",
            cluster.CreateManually("t", [1, 2], [3]));
    }

    [Fact]
    public void Refuses_a_manual_assignment_with_gaps()
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = "t", NumPartitions = -1, ReplicationFactor = -1 };
        topic.Assignments.Add(new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = 1, BrokerIds = [1] });
        Refused(ErrorCode.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence", cluster.Create(topic, false));
        topic.Assignments.Add(new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = 1, BrokerIds = [1] });
        Refused(ErrorCode.InvalidReplicaAssignment, "Found multiple manual partition assignments for partition 1", cluster.Create(topic, false));
    }

    [Fact]
    public void Refuses_a_manual_assignment_where_nobody_can_lead()
    {
        cluster.Register(4);
        cluster.Log.Clear();
        Refused(
            ErrorCode.InvalidReplicaAssignment,
            "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled shutdown.",
            cluster.CreateManually("t", [4]));
    }

    [Fact]
    public void Writes_topic_configs_and_partitions_in_this_order()
    {
        CreateTopicsResponse.CreatableTopicResult result = cluster.Create(
            new CreateTopicsRequest.CreatableTopic
            {
                Name = "t",
                NumPartitions = -1,
                ReplicationFactor = -1,
                Assignments = [new() { PartitionIndex = 1, BrokerIds = [2, 1] }, new() { PartitionIndex = 0, BrokerIds = [1, 3] }],
                Configs = [new() { Name = "retention.ms", Value = "-1" }, new() { Name = "cleanup.policy", Value = "compact" }],
            },
            false);
        string id = CountingRandom.Id(1).ToString(), one = TestCluster.Directory(1).ToString(), two = TestCluster.Directory(2).ToString(), three = TestCluster.Directory(3).ToString();
        Assert.Equal(
            [
                $$"""Topic v0 {"name":"t","topicId":"{{id}}"}""",
                """Config v0 {"resourceType":2,"resourceName":"t","name":"cleanup.policy","value":"compact"}""",
                """Config v0 {"resourceType":2,"resourceName":"t","name":"retention.ms","value":"-1"}""",
                $$"""Partition v2 {"partitionId":0,"topicId":"{{id}}","replicas":[1,3],"isr":[1,3],"removingReplicas":[],"addingReplicas":[],"leader":1,"leaderEpoch":0,"partitionEpoch":0,"directories":["{{one}}","{{three}}"]}""",
                $$"""Partition v2 {"partitionId":1,"topicId":"{{id}}","replicas":[2,1],"isr":[2,1],"removingReplicas":[],"addingReplicas":[],"leader":2,"leaderEpoch":0,"partitionEpoch":0,"directories":["{{two}}","{{one}}"]}""",
            ],
            cluster.Lines());
        Assert.Equal((CountingRandom.Id(1), 2, (short)2, (short)0), (result.TopicId, result.NumPartitions, result.ReplicationFactor, result.TopicConfigErrorCode));
        Assert.Equal(
            [("cleanup.policy", "compact", (sbyte)1), ("min.insync.replicas", "1", (sbyte)3), ("retention.ms", "-1", (sbyte)1), ("unclean.leader.election.enable", "default", (sbyte)5)],
            result.Configs!.Select(c => (c.Name, c.Value, c.ConfigSource)));
    }

    [Theory]
    [InlineData(7, "Partition v0 ")]
    [InlineData(17, "Partition v1 ")]
    [InlineData(23, "Partition v2 ")]
    public void Writes_partitions_at_the_version_of_the_level(short level, string expected)
    {
        TestCluster older = new TestCluster(level).With(1);
        older.Create("t");
        Assert.StartsWith(expected, older.Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_the_defaults_for_minus_one()
    {
        var two = new TestCluster(configure: o => o with { DefaultPartitions = 5, DefaultReplicationFactor = 2 }).With(1, 2);
        CreateTopicsResponse.CreatableTopicResult result = two.Create("t", -1, -1);
        Assert.Equal((5, (short)2), (result.NumPartitions, result.ReplicationFactor));
    }

    [Fact]
    public void Only_validates_when_asked_to()
    {
        CreateTopicsResponse.CreatableTopicResult result = cluster.Create("t", 2, 2, validateOnly: true);
        Assert.Equal((0, 2), (result.ErrorCode, result.NumPartitions));
        Assert.Empty(cluster.Log);
        Assert.Equal((short)ErrorCode.InvalidPartitions, cluster.Create("t", 0, validateOnly: true).ErrorCode);
    }

    [Fact]
    public void Hides_configs_from_who_may_not_describe()
    {
        var request = new CreateTopicsRequest();
        request.Topics.Add(new CreateTopicsRequest.CreatableTopic { Name = "t", NumPartitions = 1, ReplicationFactor = 1 });
        CreateTopicsResponse.CreatableTopicResult result = Assert.Single(cluster.Run(cluster.Controller.CreateTopics(request, _ => false)).Topics);
        Assert.Equal((0, (short)ErrorCode.TopicAuthorizationFailed, -1), (result.ErrorCode, result.TopicConfigErrorCode, result.NumPartitions));
        Assert.Empty(result.Configs!);
    }

    [Fact]
    public void A_fenced_replica_is_placed_but_is_not_in_the_isr()
    {
        cluster.Register(4);
        cluster.Create("t", 1, 4);
        Assert.Equal([1, 2, 3, 4], cluster.Partition("t").Replicas.Order());
        Assert.Equal([1, 2, 3], cluster.Partition("t").Isr.Order());
    }

    [Fact]
    public void A_broker_with_several_directories_chooses_later()
    {
        var several = new TestCluster();
        several.Register(1, directories: 2);
        several.Heartbeat(1);
        several.Create("t");
        Assert.Equal(Uuid.UnassignedDirectory, Assert.Single(several.Partition("t").Directories));
    }

    [Fact]
    public void A_broker_whose_directories_are_all_cordoned_gets_nothing()
    {
        cluster.Run(cluster.Controller.BrokerHeartbeat(cluster.Context(2), new BrokerHeartbeatRequest
        {
            BrokerId = 1, BrokerEpoch = cluster.Epoch(1), CurrentMetadataOffset = cluster.NextOffset, CordonedLogDirs = [TestCluster.Directory(1)],
        }));
        cluster.Create("t", 20);
        Assert.DoesNotContain(cluster.Image.Topics.Find("t")!.Partitions.Values, p => p.Replicas.Contains(1));
        cluster.Log.Clear();
        Refused(ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes broker 1, but all its log directories are cordoned.", cluster.CreateManually("u", [1]));
    }

    [Fact]
    public void Ten_thousand_partitions_are_made_at_once()
    {
        Assert.Equal(0, cluster.Create("big", 10_000).ErrorCode);
        Assert.Equal(10_000, cluster.Published.Topics.Find("big")!.Partitions.Count);
    }
}
