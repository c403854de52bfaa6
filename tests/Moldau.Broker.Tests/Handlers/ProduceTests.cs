using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Handlers;

public sealed class ProduceTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void Acks_other_than_0_1_and_all_are_refused_for_every_partition(short acks) => Check(
        world => Batches.Produce("t", 0, Batches.Of(world.Now(), "a"), acks), 11, ErrorCode.InvalidRequiredAcks);

    [Fact]
    public void An_unknown_topic_is_refused() => Check(world => Batches.Produce("other", 0, Batches.Of(world.Now(), "a")), 11, ErrorCode.UnknownTopicOrPartition);

    [Fact]
    public void An_unknown_partition_is_refused() => Check(world => Batches.Produce("t", 7, Batches.Of(world.Now(), "a")), 11, ErrorCode.UnknownTopicOrPartition);

    [Fact]
    public void An_unknown_topic_id_is_refused() => Check(
        world =>
        {
            ProduceRequest request = Batches.Produce("", 0, Batches.Of(world.Now(), "a"));
            request.TopicData[0].TopicId = new Uuid(1, 2);
            return request;
        },
        13,
        ErrorCode.UnknownTopicId);

    [Fact]
    public void An_internal_topic_is_refused() => Check(
        world => Batches.Produce("__consumer_offsets", 0, Batches.Of(world.Now(), "a")), 11, ErrorCode.InvalidTopicException);

    [Fact]
    public void Null_records_are_refused_where_Kafka_does_not_answer() => Check(_ => Batches.Produce("t", 0, null), 11, ErrorCode.InvalidRecord);

    [Fact]
    public void Empty_records_are_refused() => Check(_ => Batches.Produce("t", 0, []), 11, ErrorCode.InvalidRecord);

    [Fact]
    public void A_transactional_batch_without_transactional_id_is_refused() => Check(
        world => Batches.Produce("t", 0, Transactional(world)), 11, ErrorCode.TransactionalIdAuthorizationFailed);

    [Fact]
    public void A_transactional_id_that_no_coordinator_gave_out_is_refused() => Check(
        world =>
        {
            ProduceRequest request = Batches.Produce("t", 0, Transactional(world));
            request.TransactionalId = "tx";
            return request;
        },
        11,
        ErrorCode.InvalidProducerIdMapping);

    [Fact]
    public void Records_too_far_ahead_are_named_one_by_one() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        long late = world.Now() + 2 * 3_600_000;
        ProduceResponse response = await client.AskAsync(Batches.Produce("t", 0, Batches.Of(late, "a", "b")), 8);
        ProduceResponse.PartitionProduceResponse partition = response.Responses[0].PartitionResponses[0];
        Assert.Equal(ErrorCode.InvalidTimestamp, (ErrorCode)partition.ErrorCode);
        Assert.Equal([0, 1], partition.RecordErrors.Select(error => error.BatchIndex));
        Assert.Equal(-1, partition.BaseOffset);
    });

    [Fact]
    public void A_failure_without_acks_closes_the_connection() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        await client.SendAsync(Batches.Produce("nowhere", 0, Batches.Of(world.Now(), "a"), acks: 0), 11);
        Assert.Null(await client.ReadFrameAsync());
    });

    [Fact]
    public void What_was_asked_before_a_failure_without_acks_is_still_answered() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        byte[] both = [
            .. RawClient.Encode(new MetadataRequest(), 1, 0),
            .. RawClient.Encode(Batches.Produce("nowhere", 0, Batches.Of(world.Now(), "a"), acks: 0), 11, 1),
        ];
        await client.SendBytesAsync(both);
        await client.AnswerAsync<MetadataResponse>(ApiKey.Metadata, 1, 0);
        Assert.Null(await client.ReadFrameAsync());
    });

    [Fact]
    public void Success_without_acks_is_not_answered() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        await client.SendAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "a"), acks: 0), 11);
        int correlation = await client.SendAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "b"), acks: 1), 11);
        ProduceResponse answer = await client.AnswerAsync<ProduceResponse>(ApiKey.Produce, 11, correlation);
        Assert.Equal(1, answer.Responses[0].PartitionResponses[0].BaseOffset);
    });

    [Fact]
    public void A_topic_without_partitions_is_left_out() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        ProduceRequest request = Batches.Produce("t", 0, Batches.Of(world.Now(), "a"));
        request.TopicData.Add().Name = "t";
        ProduceResponse answer = await client.AskAsync(request, 11);
        Assert.Equal(ErrorCode.None, (ErrorCode)Assert.Single(Assert.Single(answer.Responses).PartitionResponses).ErrorCode);
    });

    [Fact]
    public void A_request_without_topics_is_answered() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        Assert.Empty((await client.AskAsync(new ProduceRequest { Acks = 1, TimeoutMs = 1000 }, 11)).Responses);
        Assert.Empty((await client.AskAsync(new ProduceRequest { Acks = -1, TimeoutMs = 1000 }, 11)).Responses);
    });

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(13)]
    public void Offsets_count_up_at_every_version(short version) => NodeWorld.Run(async world =>
    {
        Uuid id = await world.CreateTopicAsync("t", 2);
        RawClient client = await world.ConnectAsync();
        for (int round = 0; round < 3; round++)
        {
            ProduceRequest request = Batches.Produce("t", 0, Batches.Of(world.Now(), "a", "b"));
            Batches.Add(request, "t", 1, Batches.Of(world.Now(), "c"));
            foreach (ProduceRequest.TopicProduceData topic in request.TopicData) topic.TopicId = id;
            ProduceResponse response = await client.AskAsync(request, version);
            Assert.All(response.Responses, topic => Assert.Equal(ErrorCode.None, (ErrorCode)topic.PartitionResponses[0].ErrorCode));
            Assert.Equal([round * 2, round], response.Responses.Select(topic => topic.PartitionResponses[0].BaseOffset));
            Assert.All(response.Responses, topic => Assert.Equal(-1, topic.PartitionResponses[0].LogAppendTimeMs));
            if (version >= 13) Assert.All(response.Responses, topic => Assert.Equal(id, topic.TopicId));
        }
    });

    [Fact]
    public void An_acknowledged_write_survives_a_power_cut_and_answers_come_in_order_of_requests() => NodeWorld.Run(3, async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        for (int i = 0; i < 200; i++) await client.SendAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), $"v{i}")), 9);
        for (int i = 0; i < 200; i++)
        {
            ProduceResponse response = await client.AnswerAsync<ProduceResponse>(ApiKey.Produce, 9, i);
            Assert.Equal(i, response.Responses[0].PartitionResponses[0].BaseOffset);
        }

        world.Machine.PowerCut();
        await world.StartNodeAsync();
        client = await world.ConnectAsync();
        FetchResponse fetched = await client.AskAsync(Batches.Fetch("t", 0, 0), 11);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"v{i}"), Batches.Values(fetched.Responses[0].Partitions[0].Records));
    });

    [Fact]
    public void A_failed_flush_is_answered_with_a_storage_error_and_ends_the_node() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        await client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "a")), 9);
        world.Machine.Disk.Faults.FailFlush(pathContains: "t-0");
        await client.SendAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "b")), 9);
        byte[]? frame = await client.ReadFrameAsync();
        if (frame is not null)
        {
            var reader = new WireReader(frame);
            MessageFrame.ReadResponseHeader(ref reader, ApiKey.Produce, 9);
            var response = new ProduceResponse();
            response.Read(ref reader, 9);
            Assert.Equal(ErrorCode.KafkaStorageError, (ErrorCode)response.Responses[0].PartitionResponses[0].ErrorCode);
        }

        Assert.Equal(NodeExit.Failed, await world.Node.Completion);
        Assert.NotNull(world.Node.Failure);
    });

    private static byte[] Transactional(NodeWorld world) => Batches.Of(
        new RecordBatchOptions { ProducerId = new ProducerId(7), ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, world.Now(), "a");

    private static void Check(Func<NodeWorld, ProduceRequest> request, short version, ErrorCode expected) => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        ProduceResponse response = await client.AskAsync(request(world), version);
        ProduceResponse.PartitionProduceResponse partition = response.Responses[0].PartitionResponses[0];
        Assert.Equal(expected, (ErrorCode)partition.ErrorCode);
        Assert.Equal(-1, partition.BaseOffset);
    });
}
