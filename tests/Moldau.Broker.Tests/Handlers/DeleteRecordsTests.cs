using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Handlers;

/// <summary>DeleteRecords.</summary>
public sealed class DeleteRecordsTests
{
    private const long HighWatermark = -1;

    [Theory]
    [InlineData(4)]
    [InlineData(-2)]
    [InlineData(long.MaxValue)]
    public void An_offset_behind_the_high_watermark_or_below_zero_is_out_of_range(long offset) => Play(async (_, client) =>
    {
        Assert.Equal((ErrorCode.OffsetOutOfRange, -1), await DeleteAsync(client, "t", 0, offset));
        Assert.Equal(0, await ListAsync(client, "t"));
    });

    [Fact]
    public void A_topic_that_is_only_compacted_keeps_its_records() => Play(async (world, client) =>
    {
        await world.CreateTopicAsync("compacted", 1, ("cleanup.policy", "compact"));
        Assert.Equal((ErrorCode.PolicyViolation, -1), await DeleteAsync(client, "compacted", 0, 0));
        await world.CreateTopicAsync("both", 1, ("cleanup.policy", "compact,delete"));
        Assert.Equal((ErrorCode.None, 0), await DeleteAsync(client, "both", 0, 0));
    });

    [Theory]
    [InlineData("t", 7, ErrorCode.UnknownTopicOrPartition)]
    [InlineData("other", 0, ErrorCode.UnknownTopicOrPartition)]
    [InlineData("__consumer_offsets", 0, ErrorCode.InvalidTopicException)]
    public void What_is_not_there_or_not_the_clients_is_refused(string topic, int partition, ErrorCode expected) => Play(async (_, client) =>
        Assert.Equal((expected, -1), await DeleteAsync(client, topic, partition, 0)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Records_below_the_offset_are_gone_and_a_lower_offset_brings_nothing_back(short version) => Play(async (_, client) =>
    {
        Assert.Equal((ErrorCode.None, 2), await DeleteAsync(client, "t", 0, 2, version));
        Assert.Equal((ErrorCode.None, 2), await DeleteAsync(client, "t", 0, 1, version));
        Assert.Equal(2, await ListAsync(client, "t"));
        FetchResponse below = await client.AskAsync(Batches.Fetch("t", 0, 1), 11);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (ErrorCode)below.Responses[0].Partitions[0].ErrorCode);
        FetchResponse from = await client.AskAsync(Batches.Fetch("t", 0, 2), 11);
        Assert.Equal(2, from.Responses[0].Partitions[0].LogStartOffset);
        Assert.Equal(["c"], Batches.Values(from.Responses[0].Partitions[0].Records).TakeLast(1));
    });

    [Fact]
    public void The_high_watermark_stands_for_everything_and_offsets_go_on() => Play(async (world, client) =>
    {
        Assert.Equal((ErrorCode.None, 3), await DeleteAsync(client, "t", 0, HighWatermark));
        ProduceResponse produced = await client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "d")), 9);
        Assert.Equal((3, 3), (produced.Responses[0].PartitionResponses[0].BaseOffset, produced.Responses[0].PartitionResponses[0].LogStartOffset));
    });

    [Fact]
    public void What_was_acknowledged_as_deleted_stays_deleted_after_a_kill() => Play(async (world, client) =>
    {
        Assert.Equal((ErrorCode.None, 2), await DeleteAsync(client, "t", 0, 2));
        world.Machine.PowerCut();
        await world.StartNodeAsync();
        Assert.Equal(2, await ListAsync(await world.ConnectAsync(), "t"));
    });

    [Fact]
    public void A_topic_of_the_same_name_does_not_begin_where_its_forerunner_was_cut() => Play(async (world, client) =>
    {
        Assert.Equal((ErrorCode.None, 3), await DeleteAsync(client, "t", 0, HighWatermark));
        var delete = new DeleteTopicsRequest { TimeoutMs = 10_000 };
        delete.Topics.Add().Name = "t";
        Assert.Equal(0, (await client.AskAsync(delete, 6)).Responses[0].ErrorCode);
        await world.CreateTopicAsync("t");
        await client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "first")), 9);
        world.Machine.PowerCut();
        await world.StartNodeAsync();
        client = await world.ConnectAsync();
        Assert.Equal(0, await ListAsync(client, "t"));
        Assert.Equal(["first"], Batches.Values((await client.AskAsync(Batches.Fetch("t", 0, 0), 11)).Responses[0].Partitions[0].Records));
    });

    [Fact]
    public void Segments_whose_records_are_deleted_are_removed() => Play(async (world, client) =>
    {
        await world.CreateTopicAsync("small", 1, ("internal.segment.bytes", "200"));
        for (int i = 0; i < 10; i++) await client.AskAsync(Batches.Produce("small", 0, Batches.Of(world.Now(), new string('x', 100))), 9);
        Assert.Equal((ErrorCode.None, 8), await DeleteAsync(client, "small", 0, 8));
        string[] logs = [.. world.Machine.Disk.ListFiles("/data/small-0").Where(static name => name.EndsWith(".log", StringComparison.Ordinal))];
        Assert.Equal(["00000000000000000008.log", "00000000000000000009.log"], logs);
    });

    private static void Play(Func<NodeWorld, RawClient, Task> scenario) => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        foreach (string value in new[] { "a", "b", "c" }) await client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), value)), 9);
        await scenario(world, client);
    });

    private static async Task<(ErrorCode Error, long LowWatermark)> DeleteAsync(RawClient client, string topic, int partition, long offset, short version = 2)
    {
        var request = new DeleteRecordsRequest { TimeoutMs = 10_000 };
        DeleteRecordsRequest.DeleteRecordsTopic entry = request.Topics.Add();
        entry.Name = topic;
        DeleteRecordsRequest.DeleteRecordsPartition asked = entry.Partitions.Add();
        (asked.PartitionIndex, asked.Offset) = (partition, offset);
        DeleteRecordsResponse response = await client.AskAsync(request, version);
        Assert.Equal(topic, response.Topics[0].Name);
        DeleteRecordsResponse.DeleteRecordsPartitionResult answer = response.Topics[0].Partitions[0];
        Assert.Equal(partition, answer.PartitionIndex);
        return ((ErrorCode)answer.ErrorCode, answer.LowWatermark);
    }

    private static async Task<long> ListAsync(RawClient client, string topic)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        ListOffsetsRequest.ListOffsetsTopic entry = request.Topics.Add();
        entry.Name = topic;
        ListOffsetsRequest.ListOffsetsPartition asked = entry.Partitions.Add();
        (asked.Timestamp, asked.CurrentLeaderEpoch) = (-2, -1);
        return (await client.AskAsync(request, 7)).Topics[0].Partitions[0].Offset;
    }
}
