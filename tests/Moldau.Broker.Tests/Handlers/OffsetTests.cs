using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Handlers;

/// <summary>ListOffsets, OffsetForLeaderEpoch, DescribeProducers, InitProducerId.</summary>
public sealed class OffsetTests
{
    private const long Latest = -1, Earliest = -2, MaxTimestamp = -3, EarliestLocal = -4, LatestTiered = -5, PendingUpload = -6;

    [Theory]
    [InlineData(MaxTimestamp, 6)]
    [InlineData(EarliestLocal, 7)]
    [InlineData(LatestTiered, 8)]
    [InlineData(PendingUpload, 10)]
    [InlineData(-7, 11)]
    public void A_name_newer_than_the_version_is_unsupported(long name, short version) => Run(async (_, client) =>
        Assert.Equal(ErrorCode.UnsupportedVersion, (await ListAsync(client, name, version)).Error));

    [Fact]
    public void A_partition_named_twice_is_refused() => Run(async (_, client) =>
    {
        ListOffsetsRequest request = Ask(Latest);
        request.Topics[0].Partitions.Add().Timestamp = Earliest;
        ListOffsetsResponse response = await client.AskAsync(request, 7);
        Assert.All(response.Topics[0].Partitions, partition => Assert.Equal(ErrorCode.InvalidRequest, (ErrorCode)partition.ErrorCode));
    });

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void An_isolation_level_that_does_not_exist_fails_every_partition(sbyte level) => Run(async (_, client) =>
    {
        ListOffsetsRequest request = Ask(Latest);
        request.IsolationLevel = level;
        ListOffsetsResponse.ListOffsetsPartitionResponse partition = (await client.AskAsync(request, 7)).Topics[0].Partitions[0];
        Assert.Equal((ErrorCode.UnknownServerError, -1L), ((ErrorCode)partition.ErrorCode, partition.Offset));
    });

    [Fact]
    public void An_unknown_topic_has_no_offsets() => Run(async (_, client) =>
    {
        ListOffsetsRequest request = Ask(Latest);
        request.Topics[0].Name = "other";
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await client.AskAsync(request, 7)).Topics[0].Partitions[0].ErrorCode);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(11)]
    public void Names_and_timestamps_give_offsets(short version) => Run(async (world, client) =>
    {
        long start = world.Now();
        for (int i = 0; i < 3; i++) await client.AskAsync(Batches.Produce("t", 0, Batches.Of(start + (i * 100), "a", "b")), 9);
        Assert.Equal((ErrorCode.None, 6, -1), await ListAsync(client, Latest, version));
        Assert.Equal((ErrorCode.None, 0, -1), await ListAsync(client, Earliest, version));
        Assert.Equal((ErrorCode.None, 2, start + 100), await ListAsync(client, start + 1, version));
        Assert.Equal((ErrorCode.None, 0, start), await ListAsync(client, 0, version));
        Assert.Equal((ErrorCode.None, -1, -1), await ListAsync(client, start + 201, version));
        if (version < 11) return;
        Assert.Equal((ErrorCode.None, 4, start + 200), await ListAsync(client, MaxTimestamp, version));
        Assert.Equal((ErrorCode.None, 0, -1), await ListAsync(client, EarliestLocal, version));
        Assert.Equal((ErrorCode.None, -1, -1), await ListAsync(client, LatestTiered, version));
    });

    [Fact]
    public void The_epoch_rises_with_a_restart_and_old_epochs_keep_their_end() => Run(async (world, client) =>
    {
        await client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "a", "b")), 9);
        await world.StopNodeAsync();
        await world.StartNodeAsync();
        client = await world.ConnectAsync();
        await client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "c")), 9);
        MetadataResponse metadata = await client.AskAsync(new MetadataRequest { Topics = null }, 9);
        int epoch = metadata.Topics[0].Partitions[0].LeaderEpoch;
        Assert.True(epoch > 0);
        Assert.Equal((ErrorCode.None, 0, 2), await EndAsync(client, 0, -1));
        Assert.Equal((ErrorCode.None, epoch, 3), await EndAsync(client, epoch, epoch));
        Assert.Equal((ErrorCode.None, -1, -1), await EndAsync(client, epoch + 5, -1));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, (await EndAsync(client, 0, 0)).Error);
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await EndAsync(client, 0, epoch + 1)).Error);
    });

    [Fact]
    public void Producer_ids_are_never_given_twice_not_even_after_a_restart() => Run(async (world, client) =>
    {
        var seen = new HashSet<long>();
        for (int i = 0; i < 1500; i++) await TakeAsync();
        await world.StopNodeAsync();
        await world.StartNodeAsync();
        client = await world.ConnectAsync();
        for (int i = 0; i < 10; i++) await TakeAsync();

        async Task TakeAsync()
        {
            InitProducerIdResponse response = await client.AskAsync(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 1000 }, 4);
            Assert.Equal((ErrorCode.None, 0), ((ErrorCode)response.ErrorCode, response.ProducerEpoch));
            Assert.True(seen.Add(response.ProducerId));
        }
    });

    [Theory]
    [InlineData("", ErrorCode.InvalidRequest)]
    [InlineData("tx", ErrorCode.NotCoordinator)]
    public void A_transactional_id_gets_no_producer_id(string id, ErrorCode expected) => Run(async (_, client) =>
    {
        InitProducerIdResponse response = await client.AskAsync(new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 1000 }, 4);
        Assert.Equal((expected, -1L, -1), ((ErrorCode)response.ErrorCode, response.ProducerId, (int)response.ProducerEpoch));
    });

    [Fact]
    public void Producers_of_a_partition_are_described() => Run(async (world, client) =>
    {
        var options = new RecordBatchOptions { ProducerId = new ProducerId(44), ProducerEpoch = 3, BaseSequence = 0 };
        await client.AskAsync(Batches.Produce("t", 0, Batches.Of(options, world.Now(), "a", "b")), 9);
        var request = new DescribeProducersRequest();
        DescribeProducersRequest.TopicRequest topic = request.Topics.Add();
        topic.Name = "t";
        topic.PartitionIndexes.Add(0);
        topic.PartitionIndexes.Add(9);
        DescribeProducersResponse response = await client.AskAsync(request, 0);
        DescribeProducersResponse.ProducerState producer = Assert.Single(response.Topics[0].Partitions[0].ActiveProducers);
        Assert.Equal((44, 3, 1, -1), (producer.ProducerId, producer.ProducerEpoch, producer.LastSequence, producer.CurrentTxnStartOffset));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)response.Topics[0].Partitions[1].ErrorCode);
    });

    [Fact]
    public void A_handshake_on_a_plain_listener_is_in_the_wrong_state() => Run(async (_, client) =>
    {
        SaslHandshakeResponse response = await client.AskAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
        Assert.Equal(ErrorCode.IllegalSaslState, (ErrorCode)response.ErrorCode);
        Assert.Empty(response.Mechanisms);
    });

    private static void Run(Func<NodeWorld, RawClient, Task> scenario) => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        await scenario(world, await world.ConnectAsync());
    });

    private static ListOffsetsRequest Ask(long timestamp)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        ListOffsetsRequest.ListOffsetsTopic topic = request.Topics.Add();
        topic.Name = "t";
        topic.Partitions.Add().Timestamp = timestamp;
        return request;
    }

    private static async Task<(ErrorCode Error, long Offset, long Timestamp)> ListAsync(RawClient client, long timestamp, short version)
    {
        ListOffsetsResponse.ListOffsetsPartitionResponse answer = (await client.AskAsync(Ask(timestamp), version)).Topics[0].Partitions[0];
        return ((ErrorCode)answer.ErrorCode, answer.Offset, answer.Timestamp);
    }

    private static async Task<(ErrorCode Error, int Epoch, long End)> EndAsync(RawClient client, int epoch, int currentEpoch)
    {
        var request = new OffsetForLeaderEpochRequest { ReplicaId = -1 };
        OffsetForLeaderEpochRequest.OffsetForLeaderTopic topic = request.Topics.Add();
        topic.Topic = "t";
        OffsetForLeaderEpochRequest.OffsetForLeaderPartition partition = topic.Partitions.Add();
        partition.LeaderEpoch = epoch;
        partition.CurrentLeaderEpoch = currentEpoch;
        OffsetForLeaderEpochResponse.EpochEndOffset answer = (await client.AskAsync(request, 4)).Topics[0].Partitions[0];
        return ((ErrorCode)answer.ErrorCode, answer.LeaderEpoch, answer.EndOffset);
    }
}
