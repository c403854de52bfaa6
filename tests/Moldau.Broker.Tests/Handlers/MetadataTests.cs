using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Handlers;

public sealed class MetadataTests
{
    [Fact]
    public void An_invalid_name_is_refused_and_not_created() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        Assert.Equal(ErrorCode.InvalidTopicException, (ErrorCode)(await client.AskAsync(Named("no spaces"), 9)).Topics[0].ErrorCode);
        Assert.Empty((await client.AskAsync(new MetadataRequest { Topics = null }, 9)).Topics);
    });

    [Fact]
    public void An_unknown_topic_is_not_created_when_the_client_does_not_allow_it() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        MetadataRequest request = Named("t");
        request.AllowAutoTopicCreation = false;
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await client.AskAsync(request, 9)).Topics[0].ErrorCode);
            await world.Scheduler.Delay(TimeSpan.FromSeconds(2));
        }
    });

    [Fact]
    public void An_unknown_topic_is_not_created_when_the_node_does_not_allow_it() => NodeWorld.Run(
        async world =>
        {
            RawClient client = await world.ConnectAsync();
            await client.AskAsync(Named("t"), 9);
            await world.Scheduler.Delay(TimeSpan.FromSeconds(2));
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await client.AskAsync(Named("t"), 9)).Topics[0].ErrorCode);
        },
        ("auto.create.topics.enable", "false"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(13)]
    public void The_answer_that_begins_a_creation_says_unknown_and_the_next_one_knows(short version) => NodeWorld.Run(
        async world =>
        {
            RawClient client = await world.ConnectAsync();
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await client.AskAsync(Named("t"), version)).Topics[0].ErrorCode);
            await world.Scheduler.Delay(TimeSpan.FromSeconds(1));
            MetadataResponse.MetadataResponseTopic topic = (await client.AskAsync(Named("t"), version)).Topics[0];
            Assert.Equal((ErrorCode.None, "t", false, 4), ((ErrorCode)topic.ErrorCode, topic.Name, topic.IsInternal, topic.Partitions.Count));
            Assert.All(topic.Partitions, partition => Assert.Equal((ErrorCode.None, 1), ((ErrorCode)partition.ErrorCode, partition.LeaderId)));
            Assert.Equal([0, 1, 2, 3], topic.Partitions.Select(partition => partition.PartitionIndex));
            Assert.All(topic.Partitions, partition => Assert.Equal([1], partition.ReplicaNodes));
            Assert.All(topic.Partitions, partition => Assert.Equal([1], partition.IsrNodes));
            Assert.All(topic.Partitions, partition => Assert.Empty(partition.OfflineReplicas));
            if (version >= 7) Assert.All(topic.Partitions, partition => Assert.Equal(0, partition.LeaderEpoch));
            if (version >= 10) Assert.NotEqual(Uuid.Zero, topic.TopicId);
        },
        ("num.partitions", "4"));

    [Fact]
    public void The_broker_is_named_with_its_advertised_address() => NodeWorld.Run(
        async world =>
        {
            RawClient client = await world.ConnectAsync();
            MetadataResponse response = await client.AskAsync(new MetadataRequest { Topics = [] }, 12);
            MetadataResponse.MetadataResponseBroker broker = Assert.Single(response.Brokers);
            Assert.Equal((1, "kafka.example", 9999, "r1"), (broker.NodeId, broker.Host, broker.Port, broker.Rack));
            Assert.Equal((1, world.Node.ClusterId), (response.ControllerId, response.ClusterId));
            Assert.Empty(response.Topics);
        },
        ("advertised.listeners", "PLAINTEXT://kafka.example:9999"),
        ("broker.rack", "r1"));

    [Fact]
    public void Null_means_all_topics_and_in_version_0_the_empty_list_does() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("b");
        await world.CreateTopicAsync("a");
        RawClient client = await world.ConnectAsync();
        Assert.Equal(["a", "b"], (await client.AskAsync(new MetadataRequest { Topics = null }, 1)).Topics.Select(topic => topic.Name));
        Assert.Empty((await client.AskAsync(new MetadataRequest { Topics = [] }, 1)).Topics);
        Assert.Equal(["a", "b"], (await client.AskAsync(new MetadataRequest { Topics = [] }, 0)).Topics.Select(topic => topic.Name));
    });

    [Fact]
    public void Topics_are_found_by_id_from_version_12_and_a_wrong_id_is_unknown() => NodeWorld.Run(async world =>
    {
        Uuid id = await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        var request = new MetadataRequest { Topics = [] };
        foreach (Uuid asked in new[] { id, new Uuid(5, 6) })
        {
            MetadataRequest.MetadataRequestTopic topic = request.Topics.Add();
            topic.Name = null;
            topic.TopicId = asked;
        }

        MetadataResponse response = await client.AskAsync(request, 12);
        Assert.Equal(("t", ErrorCode.None), (response.Topics[0].Name, (ErrorCode)response.Topics[0].ErrorCode));
        Assert.Equal((null, ErrorCode.UnknownTopicId), (response.Topics[1].Name, (ErrorCode)response.Topics[1].ErrorCode));
        Assert.Equal(ErrorCode.InvalidRequest, (ErrorCode)(await client.AskAsync(request, 11)).Topics[0].ErrorCode);
    });

    [Fact]
    public void Authorized_operations_are_told_to_who_asks() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        MetadataRequest request = Named("t");
        Assert.Equal(int.MinValue, (await client.AskAsync(request, 8)).Topics[0].TopicAuthorizedOperations);
        request.IncludeTopicAuthorizedOperations = request.IncludeClusterAuthorizedOperations = true;
        MetadataResponse response = await client.AskAsync(request, 8);
        Assert.Equal((3576, 8096), (response.Topics[0].TopicAuthorizedOperations, response.ClusterAuthorizedOperations));
    });

    [Fact]
    public void The_cluster_is_described() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        DescribeClusterResponse response = await client.AskAsync(new DescribeClusterRequest { IncludeClusterAuthorizedOperations = true }, 2);
        Assert.Equal((world.Node.ClusterId, 1, 8096), (response.ClusterId, response.ControllerId, response.ClusterAuthorizedOperations));
        Assert.Equal([(1, "node", 9092, false)], response.Brokers.Select(broker => (broker.BrokerId, broker.Host, broker.Port, broker.IsFenced)));
        Assert.Equal(ErrorCode.UnsupportedEndpointType, (ErrorCode)(await client.AskAsync(new DescribeClusterRequest { EndpointType = 9 }, 1)).ErrorCode);
    });

    [Fact]
    public void A_controllers_listener_answers_for_controllers_only() => NodeWorld.Run(
        async world =>
        {
            RawClient broker = await world.ConnectAsync(), controller = await world.ConnectAsync(9093);
            Assert.Equal(ErrorCode.MismatchedEndpointType, (ErrorCode)(await broker.AskAsync(new DescribeClusterRequest { EndpointType = 2 }, 1)).ErrorCode);
            Assert.Equal(ErrorCode.MismatchedEndpointType, (ErrorCode)(await controller.AskAsync(new DescribeClusterRequest(), 1)).ErrorCode);
            DescribeClusterResponse response = await controller.AskAsync(new DescribeClusterRequest { EndpointType = 2 }, 1);
            Assert.Equal((ErrorCode.None, 1), ((ErrorCode)response.ErrorCode, response.ControllerId));
            Assert.Single((await broker.AskAsync(new MetadataRequest { Topics = [] }, 9)).Brokers);
            await controller.SendAsync(new MetadataRequest(), 9);
            Assert.Null(await controller.ReadFrameAsync());
        },
        ("listeners", "PLAINTEXT://node:9092,CONTROLLER://node:9093"),
        ("controller.listener.names", "CONTROLLER"));

    [Fact]
    public void Partitions_are_described_in_pages() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("b", 3);
        await world.CreateTopicAsync("a", 2);
        RawClient client = await world.ConnectAsync();
        DescribeTopicPartitionsResponse first = await client.AskAsync(new DescribeTopicPartitionsRequest { ResponsePartitionLimit = 3 }, 0);
        Assert.Equal([("a", 0), ("a", 1), ("b", 0)], Described(first));
        Assert.Equal(("b", 1), (first.NextCursor!.TopicName, first.NextCursor.PartitionIndex));
        var next = new DescribeTopicPartitionsRequest { Cursor = new() { TopicName = "b", PartitionIndex = 1 } };
        DescribeTopicPartitionsResponse rest = await client.AskAsync(next, 0);
        Assert.Equal([("b", 1), ("b", 2)], Described(rest));
        Assert.Null(rest.NextCursor);
        Assert.All(rest.Topics[0].Partitions, partition => Assert.NotNull(partition.EligibleLeaderReplicas));
        var named = new DescribeTopicPartitionsRequest();
        named.Topics.Add().Name = "z";
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await client.AskAsync(named, 0)).Topics[0].ErrorCode);
    });

    private static IEnumerable<(string?, int)> Described(DescribeTopicPartitionsResponse response) =>
        response.Topics.SelectMany(topic => topic.Partitions.Select(partition => (topic.Name, partition.PartitionIndex)));

    private static MetadataRequest Named(string topic)
    {
        var request = new MetadataRequest { Topics = [] };
        request.Topics.Add().Name = topic;
        return request;
    }
}
