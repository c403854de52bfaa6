using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Moldau.Compat.Confluent;

/// <summary>What Confluent.Kafka's admin client can do with records and leaders.</summary>
public sealed class ConfluentRecordAdminTests(NodeFixture node)
{
    private readonly ConfluentClient _client = new(node);

    [Fact]
    public async Task Records_cannot_be_deleted_beyond_the_end()
    {
        string topic = await FilledTopicAsync("confluent-delete-beyond", "0", "1");
        using IAdminClient admin = _client.Admin();

        var refused = await Assert.ThrowsAsync<DeleteRecordsException>(() => admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 3)]));

        Assert.Equal(ErrorCode.OffsetOutOfRange, Assert.Single(refused.Results).Error.Code);
        Assert.Equal(["0", "1"], ConfluentClient.Text(_client.ReadAll(topic)));
    }

    [Fact]
    public async Task Records_are_deleted_up_to_an_offset_and_up_to_the_end()
    {
        string topic = await FilledTopicAsync("confluent-delete", "0", "1", "2", "3");
        using IAdminClient admin = _client.Admin();

        List<DeleteRecordsResult> some = await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 3)]);
        Assert.Equal(3, Assert.Single(some).Offset.Value);
        Assert.Equal(["3"], ConfluentClient.Text(_client.ReadAll(topic)));

        List<DeleteRecordsResult> all = await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, Offset.End)]);
        Assert.Equal(4, Assert.Single(all).Offset.Value);
        Assert.Empty(_client.ReadAll(topic));
    }

    [Fact]
    public async Task An_election_of_a_partition_that_does_not_exist_is_refused()
    {
        using IAdminClient admin = _client.Admin();

        var refused = await Assert.ThrowsAsync<ElectLeadersException>(() => admin.ElectLeadersAsync(ElectionType.Preferred, [new TopicPartition("confluent-no-topic", 0)]));

        Assert.Equal(ErrorCode.UnknownTopicOrPart, Assert.Single(refused.Results.TopicPartitions).Error.Code);
    }

    [Theory]
    [InlineData(ElectionType.Preferred)]
    [InlineData(ElectionType.Unclean)]
    public async Task A_leader_that_leads_already_needs_no_election(ElectionType type)
    {
        string topic = await FilledTopicAsync("confluent-elect", "0");
        using IAdminClient admin = _client.Admin();

        var refused = await Assert.ThrowsAsync<ElectLeadersException>(() => admin.ElectLeadersAsync(type, [new TopicPartition(topic, 0)]));

        Assert.Equal(ErrorCode.ElectionNotNeeded, Assert.Single(refused.Results.TopicPartitions).Error.Code);
    }

    private async Task<string> FilledTopicAsync(string what, params string[] lines)
    {
        string topic = NodeFixture.Name(what);
        await _client.CreateTopicAsync(topic);
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();
        await ConfluentClient.ProduceAsync(producer, topic, lines);
        return topic;
    }
}
