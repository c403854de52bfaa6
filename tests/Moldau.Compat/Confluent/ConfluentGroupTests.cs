using Confluent.Kafka;

namespace Moldau.Compat.Confluent;

/// <summary>Consumer groups of Confluent.Kafka: sharing, rebalances, static members, committed offsets.</summary>
public sealed class ConfluentGroupTests(NodeFixture node)
{
    private const int Partitions = 4;
    private readonly ConfluentClient _client = new(node);

    [Fact]
    public async Task The_older_of_two_members_with_one_instance_id_is_fenced()
    {
        using CancellationTokenSource deadline = Client.Deadline();
        (string topic, string group) = await PreparedAsync("confluent-fenced");
        await using GroupMember older = Member(group, topic, instance: "only");
        await Eventually(() => older.Assigned.Length == Partitions, deadline.Token);

        await using GroupMember newer = Member(group, topic, instance: "only");

        await Eventually(() => newer.Assigned.Length == Partitions, deadline.Token);
        await Eventually(() => older.Failure?.Code is ErrorCode.FencedInstanceId or ErrorCode.Local_Fatal, deadline.Token);
    }

    [Fact]
    public void A_group_that_never_committed_has_no_offset()
    {
        using IConsumer<byte[], byte[]> consumer = _client.Consumer(NodeFixture.Name("confluent-unknown-group")).Build();

        TopicPartitionOffset committed = Assert.Single(consumer.Committed([new TopicPartition("moldau-probe", 0)], ConfluentClient.Patience));

        Assert.Equal(Offset.Unset, committed.Offset);
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Members_share_the_partitions_and_take_over_from_one_that_leaves(PartitionAssignmentStrategy strategy)
    {
        using CancellationTokenSource deadline = Client.Deadline();
        (string topic, string group) = await PreparedAsync("confluent-shared");
        await using GroupMember first = Member(group, topic, strategy), second = Member(group, topic, strategy);
        await Eventually(() => first.Assigned.Length == 2 && second.Assigned.Length == 2, deadline.Token);
        Assert.Equal([0, 1, 2, 3], first.Assigned.Concat(second.Assigned).Order());
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer())
            for (int partition = 0; partition < Partitions; partition++)
                await ConfluentClient.ProduceAsync(producer, topic, [$"to-{partition}"], partition);
        await Eventually(() => first.Read.Length + second.Read.Length == Partitions, deadline.Token);
        Assert.Equal(["to-0", "to-1", "to-2", "to-3"], first.Read.Concat(second.Read).Order());

        await first.CloseAsync();

        await Eventually(() => second.Assigned.Length == Partitions, deadline.Token);
    }

    [Fact]
    public async Task A_cooperative_member_keeps_what_it_need_not_give_away()
    {
        using CancellationTokenSource deadline = Client.Deadline();
        (string topic, string group) = await PreparedAsync("confluent-cooperative");
        await using GroupMember first = Member(group, topic, PartitionAssignmentStrategy.CooperativeSticky);
        await Eventually(() => first.Assigned.Length == Partitions, deadline.Token);

        await using GroupMember second = Member(group, topic, PartitionAssignmentStrategy.CooperativeSticky);

        await Eventually(() => second.Assigned.Length == 2 && first.Assigned.Length == 2, deadline.Token);
        Assert.Equal(2, first.Revoked);
        Assert.Equal(0, second.Revoked);
    }

    [Fact]
    public async Task A_static_member_that_restarts_gets_its_partitions_back_and_disturbs_nobody()
    {
        using CancellationTokenSource deadline = Client.Deadline();
        (string topic, string group) = await PreparedAsync("confluent-static");
        GroupMember first = Member(group, topic, instance: "one");
        await using GroupMember second = Member(group, topic, instance: "two");
        await Eventually(() => first.Assigned.Length == 2 && second.Assigned.Length == 2, deadline.Token);
        int[] before = first.Assigned;
        int revokedBefore = second.Revoked;
        await first.DisposeAsync();

        await using GroupMember again = Member(group, topic, instance: "one");

        await Eventually(() => again.Assigned.Length == 2, deadline.Token);
        Assert.Equal(before, again.Assigned);
        Assert.Equal(revokedBefore, second.Revoked);
    }

    [Fact]
    public async Task A_consumer_goes_on_from_the_committed_offset()
    {
        (string topic, string group) = await PreparedAsync("confluent-commit");
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer()) await ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines);
        using (IConsumer<byte[], byte[]> committing = _client.Consumer(group).Build())
            committing.Commit([new TopicPartitionOffset(topic, 0, 100)]);

        using IConsumer<byte[], byte[]> consumer = _client.Consumer(group).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Stored));

        Assert.Equal(RealLog.Lines[100..], ConfluentClient.Text(ConfluentClient.ReadToEnd(consumer)));
        Assert.Equal(100, Assert.Single(consumer.Committed([new TopicPartition(topic, 0)], ConfluentClient.Patience)).Offset.Value);
    }

    [Fact]
    public async Task What_a_member_read_is_committed_when_it_closes()
    {
        using CancellationTokenSource deadline = Client.Deadline();
        (string topic, string group) = await PreparedAsync("confluent-auto-commit");
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer()) await ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines, partition: 3);
        GroupMember member = new(_client.Consumer(group, config => (config.EnableAutoCommit, config.EnablePartitionEof) = (true, false)), topic);
        await Eventually(() => member.Read.Length == RealLog.Lines.Length, deadline.Token);

        await member.DisposeAsync();

        using IConsumer<byte[], byte[]> consumer = _client.Consumer(group).Build();
        TopicPartitionOffset committed = Assert.Single(consumer.Committed([new TopicPartition(topic, 3)], ConfluentClient.Patience));
        Assert.Equal(RealLog.Lines.Length, committed.Offset.Value);
    }

    private static async Task Eventually(Func<bool> isSo, CancellationToken token) =>
        Assert.True(await Client.EventuallyAsync(() => Task.FromResult(isSo()), so => so, token), "what was awaited did not happen");

    private GroupMember Member(
        string group, string topic, PartitionAssignmentStrategy strategy = PartitionAssignmentStrategy.Range, string? instance = null) =>
        new(
            _client.Consumer(group, config =>
            {
                config.PartitionAssignmentStrategy = strategy;
                config.GroupInstanceId = instance;
                config.EnablePartitionEof = false;
                config.SessionTimeoutMs = 45_000;
                config.HeartbeatIntervalMs = 500;
            }),
            topic);

    private async Task<(string Topic, string Group)> PreparedAsync(string name)
    {
        string topic = NodeFixture.Name(name);
        await _client.CreateTopicAsync(topic, Partitions);
        return (topic, topic + "-group");
    }
}
