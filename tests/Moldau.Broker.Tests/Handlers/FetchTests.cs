using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Handlers;

public sealed class FetchTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void An_offset_outside_of_the_log_is_out_of_range(long offset) => Check(Batches.Fetch("t", 0, offset), ErrorCode.OffsetOutOfRange);

    [Fact]
    public void An_unknown_topic_is_refused() => Check(Batches.Fetch("other", 0, 0), ErrorCode.UnknownTopicOrPartition);

    [Fact]
    public void An_unknown_partition_is_refused() => Check(Batches.Fetch("t", 5, 0), ErrorCode.UnknownTopicOrPartition);

    [Fact]
    public void An_unknown_topic_id_is_refused()
    {
        FetchRequest request = Batches.Fetch("", 0, 0);
        request.Topics[0].TopicId = new Uuid(3, 4);
        Check(request, ErrorCode.UnknownTopicId, 13);
    }

    [Theory]
    [InlineData(0, ErrorCode.None)]
    [InlineData(1, ErrorCode.UnknownLeaderEpoch)]
    public void A_leader_epoch_is_compared(int epoch, ErrorCode expected)
    {
        FetchRequest request = Batches.Fetch("t", 0, 0);
        request.Topics[0].Partitions[0].CurrentLeaderEpoch = epoch;
        Check(request, expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_node_without_a_replica_of_its_own_here_cannot_fetch_as_a_follower(int replica)
    {
        FetchRequest request = Batches.Fetch("t", 0, 0);
        request.ReplicaId = replica;
        Check(request, ErrorCode.NotLeaderOrFollower);
    }

    [Theory]
    [InlineData(-1, 1000, 0, ErrorCode.UnknownServerError)]
    [InlineData(1000, -1, 0, ErrorCode.UnknownServerError)]
    [InlineData(-1, 1000, 4, ErrorCode.OffsetOutOfRange)]
    [InlineData(-1, -1, 3, ErrorCode.None)]
    public void A_negative_size_is_an_error_where_there_is_something_to_read(int maxBytes, int partitionMaxBytes, long offset, ErrorCode expected)
    {
        FetchRequest request = Batches.Fetch("t", 0, offset, maxBytes: maxBytes);
        request.Topics[0].Partitions[0].PartitionMaxBytes = partitionMaxBytes;
        Check(request, expected);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void An_isolation_level_that_does_not_exist_fails_the_whole_request(sbyte level) => NodeWorld.Run(async world =>
    {
        Uuid id = await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        FetchRequest request = Batches.Fetch("t", 0, 0);
        request.IsolationLevel = level;
        FetchResponse byName = await client.AskAsync(request, 12);
        Assert.Equal((ErrorCode.UnknownServerError, ErrorCode.UnknownServerError), ((ErrorCode)byName.ErrorCode, (ErrorCode)byName.Responses[0].Partitions[0].ErrorCode));
        request.Topics[0].TopicId = id;
        FetchResponse byId = await client.AskAsync(request, 13);
        Assert.Equal((ErrorCode.UnknownServerError, 0), ((ErrorCode)byId.ErrorCode, byId.Responses.Count));
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void Of_a_partition_that_is_named_twice_the_last_counts(int sessionEpoch) => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t", 2);
        RawClient client = await world.ConnectAsync();
        await Produce(client, world, "a");
        await Produce(client, world, "b");
        FetchRequest request = Batches.Fetch("t", 0, 0);
        request.SessionEpoch = sessionEpoch;
        Batches.Add(request, "t", 1, 0);
        Batches.Add(request, "t", 0, 1);
        FetchResponse response = await client.AskAsync(request, 11);
        FetchResponse.PartitionData[] answered = [.. response.Responses.SelectMany(topic => topic.Partitions)];
        Assert.Equal([0, 1], answered.Select(partition => partition.PartitionIndex));
        Assert.Equal(["b"], Batches.Values(answered[0].Records));
    });

    [Fact]
    public void An_error_is_answered_at_once_although_there_is_time_to_wait() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        FetchRequest request = Batches.Fetch("t", 0, 0, maxWaitMs: 60_000);
        Batches.Add(request, "other", 0, 0);
        long before = world.World.NowTicks;
        await client.AskAsync(request, 11);
        Assert.True(world.World.NowTicks - before < TimeSpan.FromSeconds(1).Ticks);
    });

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(18)]
    public void Every_version_gives_the_records_and_the_offsets(short version) => NodeWorld.Run(async world =>
    {
        Uuid id = await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        await Produce(client, world, "a", "b", "c");
        FetchRequest request = Batches.Fetch("t", 0, 1);
        request.Topics[0].TopicId = id;
        FetchResponse response = await client.AskAsync(request, version);
        FetchResponse.PartitionData partition = response.Responses[0].Partitions[0];
        Assert.Equal(["a", "b", "c"], Batches.Values(partition.Records));
        Assert.Equal((3, 3, -1), (partition.HighWatermark, partition.LastStableOffset, partition.PreferredReadReplica));
        if (version >= 5) Assert.Equal(0, partition.LogStartOffset);
        if (version >= 13) Assert.Equal(id, response.Responses[0].TopicId);
        else Assert.Equal("t", response.Responses[0].Topic);
        Assert.Null(partition.AbortedTransactions);
        Assert.Equal(0, response.SessionId);
    });

    [Fact]
    public void At_the_end_of_the_log_a_fetch_waits_and_is_woken_by_an_append() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient reader = await world.ConnectAsync(), writer = await world.ConnectAsync();
        int correlation = await reader.SendAsync(Batches.Fetch("t", 0, 0, maxWaitMs: 30_000), 11);
        await world.Scheduler.Delay(TimeSpan.FromSeconds(10));
        long before = world.World.NowTicks;
        await Produce(writer, world, "a");
        FetchResponse response = await reader.AnswerAsync<FetchResponse>(ApiKey.Fetch, 11, correlation);
        Assert.Equal(["a"], Batches.Values(response.Responses[0].Partitions[0].Records));
        Assert.True(world.World.NowTicks - before < TimeSpan.FromSeconds(5).Ticks);
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(-2)]
    public void A_fetch_that_finds_nothing_is_answered_at_its_deadline(int epoch) => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        FetchRequest request = Batches.Fetch("t", 0, 0, maxWaitMs: 700);
        request.Topics[0].Partitions[0].CurrentLeaderEpoch = epoch;
        long before = world.World.NowTicks;
        FetchResponse response = await client.AskAsync(request, 11);
        Assert.Equal(0, response.Responses[0].Partitions[0].Records.Length);
        Assert.False(response.Responses[0].Partitions[0].Records.IsNull);
        Assert.InRange(TimeSpan.FromTicks(world.World.NowTicks - before).TotalMilliseconds, 700, 1500);
    });

    [Fact]
    public void A_fetch_waits_until_there_are_as_many_bytes_as_it_wants() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient reader = await world.ConnectAsync(), writer = await world.ConnectAsync();
        int correlation = await reader.SendAsync(Batches.Fetch("t", 0, 0, maxWaitMs: 60_000, minBytes: 200), 11);
        await Produce(writer, world, "a");
        await Produce(writer, world, "b");
        Assert.True(await reader.IsSilentForAsync(TimeSpan.FromSeconds(5)));
        await Produce(writer, world, "c");
        FetchResponse response = await reader.AnswerAsync<FetchResponse>(ApiKey.Fetch, 11, correlation);
        Assert.Equal(["a", "b", "c"], Batches.Values(response.Responses[0].Partitions[0].Records));
    });

    [Fact]
    public void One_batch_larger_than_the_limit_is_given_and_no_second_one() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t", 2);
        RawClient client = await world.ConnectAsync();
        string large = new('x', 5000);
        await Produce(client, world, large);
        await client.AskAsync(Batches.Produce("t", 1, Batches.Of(world.Now(), large)), 9);
        FetchRequest request = Batches.Fetch("t", 0, 0, maxBytes: 100);
        Batches.Add(request, "t", 1, 0);
        FetchResponse response = await client.AskAsync(request, 11);
        List<FetchResponse.PartitionData> partitions = [.. response.Responses.SelectMany(topic => topic.Partitions)];
        Assert.Equal([large], Batches.Values(partitions[0].Records));
        Assert.Equal(0, partitions[1].Records.Length);
        Assert.Equal(1, partitions[1].HighWatermark);
    });

    [Fact]
    public void Read_committed_gets_an_empty_list_of_aborted_transactions() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        await Produce(client, world, "a");
        FetchRequest request = Batches.Fetch("t", 0, 0);
        request.IsolationLevel = 1;
        FetchResponse.PartitionData partition = (await client.AskAsync(request, 11)).Responses[0].Partitions[0];
        Assert.Equal(["a"], Batches.Values(partition.Records));
        Assert.NotNull(partition.AbortedTransactions);
        Assert.Empty(partition.AbortedTransactions);
    });

    [Fact]
    public void A_reader_that_has_seen_a_later_epoch_learns_where_it_diverged() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        await Produce(client, world, "a", "b");
        FetchRequest request = Batches.Fetch("t", 0, 9);
        request.Topics[0].Partitions[0].LastFetchedEpoch = 0;
        FetchResponse.PartitionData partition = (await client.AskAsync(request, 12)).Responses[0].Partitions[0];
        Assert.Equal(ErrorCode.None, (ErrorCode)partition.ErrorCode);
        Assert.Equal((0, 2), (partition.DivergingEpoch.Epoch, partition.DivergingEpoch.EndOffset));
        Assert.Equal(0, partition.Records.Length);
    });

    [Fact]
    public void A_full_fetch_without_topics_is_answered_at_once() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        long before = world.World.NowTicks;
        FetchResponse response = await client.AskAsync(new FetchRequest { MaxWaitMs = 60_000, MinBytes = 1, SessionEpoch = -1 }, 11);
        Assert.Empty(response.Responses);
        Assert.True(world.World.NowTicks - before < TimeSpan.FromSeconds(5).Ticks);
    });

    [Fact]
    public void A_deleted_topic_wakes_who_waits_for_it() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        int correlation = await client.SendAsync(Batches.Fetch("t", 0, 0, maxWaitMs: 600_000), 11);
        await world.Scheduler.Delay(TimeSpan.FromSeconds(1));
        var request = new DeleteTopicsRequest { TimeoutMs = 1000 };
        request.Topics.Add().Name = "t";
        await world.Node.Services.Controller.SubmitAsync((core, context) => core.DeleteTopics(context, request, _ => true, _ => true), 6);
        FetchResponse response = await client.AnswerAsync<FetchResponse>(ApiKey.Fetch, 11, correlation);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)response.Responses[0].Partitions[0].ErrorCode);
    });

    internal static Task<ProduceResponse> Produce(RawClient client, NodeWorld world, params string[] values) =>
        client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), values)), 9);

    private static void Check(FetchRequest request, ErrorCode expected, short version = 11) => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        await Produce(client, world, "a", "b", "c");
        FetchResponse response = await client.AskAsync(request, version);
        FetchResponse.PartitionData partition = response.Responses[0].Partitions[0];
        Assert.Equal(expected, (ErrorCode)partition.ErrorCode);
        if (expected == ErrorCode.None) return;
        Assert.Equal((-1, -1, -1), (partition.HighWatermark, partition.LastStableOffset, partition.LogStartOffset));
        Assert.Equal(0, partition.Records.Length);
    });
}
