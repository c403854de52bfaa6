using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>CreateTopics, CreatePartitions and DeleteTopics over the wire, in each of their versions.</summary>
public sealed class TopicApiTests
{
    [Fact]
    public void What_cannot_be_created_is_refused_topic_by_topic() => AdminScenario.Play(async admin =>
    {
        Assert.Equal(ErrorCode.InvalidTopicException, await admin.CreateAsync("a b"));
        Assert.Equal(ErrorCode.InvalidPartitions, await admin.CreateAsync("t", 0));
        Assert.Equal(ErrorCode.InvalidConfig, await admin.CreateAsync("t", 1, ("retention.ms", "soon")));
        Assert.Equal(ErrorCode.InvalidConfig, await admin.CreateAsync("t", 1, ("retension.ms", "1")));
        Assert.Equal(ErrorCode.InvalidConfig, await admin.CreateAsync("t", 1, ("retention.ms", null)));
        Assert.Equal(ErrorCode.None, await admin.CreateAsync("t"));
        Assert.Equal(ErrorCode.TopicAlreadyExists, await admin.CreateAsync("t"));
        var request = new CreateTopicsRequest();
        request.Topics.Add(new() { Name = "u", NumPartitions = 1, ReplicationFactor = 2 });
        request.Topics.Add(new() { Name = "v", NumPartitions = 1, ReplicationFactor = 1 });
        CreateTopicsResponse response = await admin.Node.AskAsync(request, 7);
        Assert.Equal([(short)ErrorCode.InvalidReplicationFactor, 0], response.Topics.Select(topic => topic.ErrorCode));
        Assert.All(response.Topics, topic => Assert.NotNull(topic.Configs));
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Every_version_creates_and_from_5_on_says_what_the_topic_has(short version) => AdminScenario.Play(async admin =>
    {
        var request = new CreateTopicsRequest();
        request.Topics.Add(new() { Name = "t", NumPartitions = version < 4 ? 3 : -1, ReplicationFactor = version < 4 ? (short)1 : (short)-1, Configs = [new() { Name = "retention.ms", Value = "5" }] });
        request.Topics.Add(new() { Name = "bad name" });
        CreateTopicsResponse response = await admin.Node.AskAsync(request, version);
        Assert.Equal([0, (short)ErrorCode.InvalidTopicException], response.Topics.Select(topic => topic.ErrorCode));
        CreateTopicsResponse.CreatableTopicResult made = response.Topics[0];
        Assert.Equal(version >= 7, made.TopicId != Uuid.Zero);
        if (version >= 5)
        {
            Assert.Equal((version < 4 ? 3 : 1, (short)1), (made.NumPartitions, made.ReplicationFactor));
            CreateTopicsResponse.CreatableTopicConfigs retention = made.Configs!.Single(config => config.Name == "retention.ms");
            Assert.Equal(("5", (sbyte)1), (retention.Value, retention.ConfigSource));
            Assert.Empty(response.Topics[1].Configs!);
            Assert.Equal(-1, response.Topics[1].NumPartitions);
        }

        Assert.Equal("5", await admin.ValueAsync(2, "t", "retention.ms"));
    });

    [Fact]
    public void Replicas_can_be_given_by_hand_and_the_count_then_not() => AdminScenario.Play(async admin =>
    {
        Assert.Equal(ErrorCode.None, await ByHand("t", [1], [1]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await ByHand("u", [2]));
        MetadataResponse metadata = await admin.Node.AskAsync(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        Assert.Equal(2, Assert.Single(metadata.Topics).Partitions.Count);

        async Task<ErrorCode> ByHand(string topic, params int[][] replicas)
        {
            var request = new CreateTopicsRequest();
            request.Topics.Add(new()
            {
                Name = topic,
                NumPartitions = -1,
                ReplicationFactor = -1,
                Assignments = [.. replicas.Select((ids, index) => new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = index, BrokerIds = [.. ids] })],
            });
            return (ErrorCode)Assert.Single((await admin.Node.AskAsync(request, 5)).Topics).ErrorCode;
        }
    });

    [Fact]
    public void Validation_alone_changes_nothing() => AdminScenario.Play(async admin =>
    {
        var create = new CreateTopicsRequest { ValidateOnly = true };
        create.Topics.Add(new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 });
        Assert.Equal(0, Assert.Single((await admin.Node.AskAsync(create, 7)).Topics).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await admin.DescribeAsync(2, "t")).ErrorCode);
        await admin.CreateAsync("t");
        var raise = new CreatePartitionsRequest { TimeoutMs = 1000, ValidateOnly = true, Topics = [new() { Name = "t", Count = 5, Assignments = null }] };
        Assert.Equal(0, Assert.Single((await admin.Node.AskAsync(raise, 3)).Results).ErrorCode);
        Assert.Equal(1, await PartitionsAsync(admin, "t"));
    });

    [Fact]
    public void Without_time_nothing_is_done() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        var create = new CreateTopicsRequest { TimeoutMs = 0, Topics = [new() { Name = "u", NumPartitions = 1, ReplicationFactor = 1 }] };
        Assert.Equal(ErrorCode.RequestTimedOut, (ErrorCode)Assert.Single((await admin.Node.AskAsync(create, 7)).Topics).ErrorCode);
        var raise = new CreatePartitionsRequest { TimeoutMs = 0, Topics = [new() { Name = "t", Count = 5, Assignments = null }] };
        Assert.Equal(ErrorCode.RequestTimedOut, (ErrorCode)Assert.Single((await admin.Node.AskAsync(raise, 3)).Results).ErrorCode);
        var delete = new DeleteTopicsRequest { TimeoutMs = -1, TopicNames = ["t"] };
        Assert.Equal(ErrorCode.RequestTimedOut, (ErrorCode)Assert.Single((await admin.Node.AskAsync(delete, 5)).Responses).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await admin.DescribeAsync(2, "u")).ErrorCode);
        Assert.Equal(1, await PartitionsAsync(admin, "t"));
    });

    [Fact]
    public void A_created_topic_can_be_used_as_soon_as_it_is_answered() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t", 3);
        Assert.Equal(3, await PartitionsAsync(admin, "t"));
        var offsets = new ListOffsetsRequest { ReplicaId = -1, Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 2, Timestamp = -1, CurrentLeaderEpoch = -1 }] }] };
        Assert.Equal(0, Assert.Single(Assert.Single((await admin.Node.AskAsync(offsets, 5)).Topics).Partitions).ErrorCode);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Partitions_are_added_and_never_taken_away(short version) => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t", 2);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await RaiseAsync("nowhere", 3, null));
        Assert.Equal(ErrorCode.InvalidPartitions, await RaiseAsync("t", 2, null));
        Assert.Equal(ErrorCode.InvalidPartitions, await RaiseAsync("t", 1, null));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await RaiseAsync("t", 3, []));
        Assert.Equal(ErrorCode.None, await RaiseAsync("t", 3, null));
        Assert.Equal(ErrorCode.None, await RaiseAsync("t", 4, [new() { BrokerIds = [1] }]));
        Assert.Equal(4, await PartitionsAsync(admin, "t"));

        async Task<ErrorCode> RaiseAsync(string topic, int count, MessageArray<CreatePartitionsRequest.CreatePartitionsAssignment>? assignments)
        {
            var request = new CreatePartitionsRequest { TimeoutMs = 1000, Topics = [new() { Name = topic, Count = count, Assignments = assignments }] };
            return (ErrorCode)Assert.Single((await admin.Node.AskAsync(request, version)).Results).ErrorCode;
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Topics_are_deleted_by_name(short version) => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        DeleteTopicsResponse response = await admin.Node.AskAsync(new DeleteTopicsRequest { TopicNames = ["t", "nowhere"], TimeoutMs = 1000 }, version);
        Assert.Equal(
            [("nowhere", ErrorCode.UnknownTopicOrPartition), ("t", ErrorCode.None)],
            response.Responses.Select(one => (one.Name!, (ErrorCode)one.ErrorCode)).OrderBy(one => one.Item1));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await admin.DescribeAsync(2, "t")).ErrorCode);
        Assert.Equal(ErrorCode.None, await admin.CreateAsync("t"));
    });

    [Fact]
    public void From_version_6_on_topics_are_deleted_by_id_too() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        await admin.CreateAsync("u");
        MetadataResponse metadata = await admin.Node.AskAsync(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        Uuid id = Assert.Single(metadata.Topics).TopicId;
        var unknown = new Uuid(1, 2);
        DeleteTopicsResponse response = await admin.Node.AskAsync(
            new DeleteTopicsRequest { TimeoutMs = 1000, Topics = [new() { Name = null, TopicId = id }, new() { Name = null, TopicId = unknown }, new() { Name = "u" }, new() { Name = "u", TopicId = id }] }, 6);
        Assert.Equal(
            [(id, "t", ErrorCode.None), (id, "u", ErrorCode.InvalidRequest), (unknown, null, ErrorCode.UnknownTopicId)],
            response.Responses.Where(one => one.TopicId != Uuid.Zero && !(one.Name == "u" && one.ErrorCode == 0))
                .Select(one => (one.TopicId, one.Name, (ErrorCode)one.ErrorCode)).OrderBy(one => one.Item3));
        Assert.Contains(response.Responses, one => one is { Name: "u", ErrorCode: 0 });
        Assert.Empty((await admin.Node.AskAsync(new MetadataRequest { Topics = null }, 12)).Topics);
    });

    [Theory]
    [InlineData(1, ErrorCode.InvalidRequest)]
    [InlineData(5, ErrorCode.TopicDeletionDisabled)]
    public void Deletion_can_be_switched_off(short version, ErrorCode error) => AdminScenario.Play(
        async admin =>
        {
            await admin.CreateAsync("t");
            DeleteTopicsResponse response = await admin.Node.AskAsync(new DeleteTopicsRequest { TopicNames = ["t"], TimeoutMs = 1000 }, version);
            Assert.Equal(error, (ErrorCode)Assert.Single(response.Responses).ErrorCode);
            Assert.Equal(1, await PartitionsAsync(admin, "t"));
        },
        ("delete.topic.enable", "false"));

    private static async Task<int> PartitionsAsync(AdminScenario admin, string topic)
    {
        MetadataResponse metadata = await admin.Node.AskAsync(new MetadataRequest { Topics = [new() { Name = topic }] }, 12);
        return Assert.Single(metadata.Topics).Partitions.Count;
    }
}
