using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Moldau.Compat.Confluent;

/// <summary>Groups and their offsets through Confluent.Kafka's admin client.</summary>
public sealed class ConfluentGroupAdminTests(NodeFixture node)
{
    private readonly ConfluentClient _client = new(node);

    [Fact]
    public async Task A_group_that_does_not_exist_cannot_be_deleted()
    {
        using IAdminClient admin = _client.Admin();

        var refused = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([NodeFixture.Name("confluent-no-group")]));

        Assert.Equal(ErrorCode.GroupIdNotFound, Assert.Single(refused.Results).Error.Code);
    }

    [Fact]
    public async Task A_group_with_members_can_be_described_but_not_deleted()
    {
        using CancellationTokenSource deadline = Client.Deadline();
        (string topic, string group) = await PreparedAsync("confluent-live-group");
        using IAdminClient admin = _client.Admin();
        await using var member = new GroupMember(_client.Consumer(group, config => config.ClientId = "live-member"), topic);
        await Client.EventuallyAsync(() => Task.FromResult(member.Assigned.Length), count => count == 2, deadline.Token);

        var refused = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]));
        ConsumerGroupDescription description = Assert.Single((await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions);

        Assert.Equal(ErrorCode.NonEmptyGroup, Assert.Single(refused.Results).Error.Code);
        Assert.Equal((ConsumerGroupState.Stable, "range", 1), (description.State, description.PartitionAssignor, description.Coordinator.Id));
        MemberDescription only = Assert.Single(description.Members);
        Assert.Equal("live-member", only.ClientId);
        Assert.Equal([new TopicPartition(topic, 0), new TopicPartition(topic, 1)], only.Assignment.TopicPartitions.OrderBy(partition => partition.Partition.Value));
    }

    [Fact]
    public async Task Offsets_of_an_empty_group_are_changed_listed_and_deleted()
    {
        (string topic, string group) = await PreparedAsync("confluent-offsets");
        using IAdminClient admin = _client.Admin();
        await admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets(group, [new TopicPartitionOffset(topic, 0, 11), new TopicPartitionOffset(topic, 1, 22)])]);

        Assert.Equal((11L, 22L), await OffsetsAsync(admin, topic, group));
        await admin.DeleteConsumerGroupOffsetsAsync(group, [new TopicPartition(topic, 0)]);

        Assert.Equal((Offset.Unset.Value, 22L), await OffsetsAsync(admin, topic, group));
    }

    [Fact]
    public async Task An_empty_group_is_listed_until_it_is_deleted()
    {
        (string topic, string group) = await PreparedAsync("confluent-deleted-group");
        using IAdminClient admin = _client.Admin();
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(group, [new TopicPartitionOffset(topic, 0, 5)])]);
        async Task<bool> IsListed(ConsumerGroupState state) =>
            (await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { MatchStates = [state] })).Valid.Any(listed => listed.GroupId == group);
        Assert.True(await IsListed(ConsumerGroupState.Empty));
        Assert.False(await IsListed(ConsumerGroupState.Stable));

        await admin.DeleteGroupsAsync([group]);

        Assert.False(await IsListed(ConsumerGroupState.Empty));
        Assert.Equal((Offset.Unset.Value, Offset.Unset.Value), await OffsetsAsync(admin, topic, group));
    }

    private static async Task<(long First, long Second)> OffsetsAsync(IAdminClient admin, string topic, string group)
    {
        List<ListConsumerGroupOffsetsResult> listed = await admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, [new TopicPartition(topic, 0), new TopicPartition(topic, 1)])]);
        long[] offsets = [.. Assert.Single(listed).Partitions.OrderBy(partition => partition.Partition.Value).Select(partition => partition.Offset.Value)];
        Assert.Equal(2, offsets.Length);
        return (offsets[0], offsets[1]);
    }

    private async Task<(string Topic, string Group)> PreparedAsync(string name)
    {
        string topic = NodeFixture.Name(name);
        await _client.CreateTopicAsync(topic, partitions: 2);
        return (topic, topic + "-group");
    }
}
