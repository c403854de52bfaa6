using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Tests.Clusters;
using Moldau.Protocol;

namespace Moldau.Client.Tests;

public sealed class GroupConsumerTests(Peers peers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), Beat = TimeSpan.FromMilliseconds(100);

    public static TheoryData<string> Clusters => [.. Peers.Names];

    public static MatrixTheoryData<string, string> ClustersAndAssignors => new(Peers.Names, ["range", "roundrobin", "cooperative-sticky"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Clusters))]
    public async Task A_session_timeout_that_the_broker_does_not_allow_is_refused(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var consumer = new Consumer(client, Options(Names.New("group")) with { SessionTimeout = TimeSpan.FromHours(10) });
        consumer.Subscribe([Names.New("topic")]);
        KafkaException refused = await Assert.ThrowsAsync<KafkaException>(() => consumer.PollAsync(Patience, Cancellation));
        Assert.Equal(ErrorCode.InvalidSessionTimeout, refused.Code);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task A_member_without_a_common_assignor_is_refused(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation), group = Names.New("group");
        await using var first = new Consumer(client, Options(group) with { Assignors = [new RangeAssignor()] });
        first.Subscribe([topic]);
        await ReadAsync(first, 3);
        await using var second = new Consumer(client, Options(group) with { Assignors = [new RoundRobinAssignor()] });
        second.Subscribe([topic]);
        KafkaException refused = await Assert.ThrowsAsync<KafkaException>(() => second.PollAsync(Patience, Cancellation));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, refused.Code);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Goes_on_at_what_was_committed(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 9, Cancellation), group = Names.New("group");
        await using (var first = new Consumer(client, Options(group) with { AutoCommit = false }))
        {
            first.Subscribe([topic]);
            await ReadAsync(first, 9);
            await first.CommitAsync([new CommittedOffset(new TopicPartition(topic, 0), 1, Metadata: "noted")], Cancellation);
        }

        IReadOnlyList<CommittedOffset> committed = await client.Admin.Groups.OffsetsAsync(group, cancellation: Cancellation);
        Assert.Equal((1, "noted"), (committed.Single().Offset, committed.Single().Metadata));
        await using var second = new Consumer(client, Options(group));
        second.Subscribe([topic]);
        List<ConsumedRecord> read = await ReadAsync(second, 8);
        Assert.DoesNotContain(read, static record => record.Partition.Partition == 0 && record.Offset == 0);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Commits_by_itself_when_it_is_closed(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 9, Cancellation), group = Names.New("group");
        await using (var consumer = new Consumer(client, Options(group)))
        {
            consumer.Subscribe([topic]);
            await ReadAsync(consumer, 9);
        }

        IReadOnlyList<CommittedOffset> committed = await client.Admin.Groups.OffsetsAsync(group, cancellation: Cancellation);
        Assert.Equal(TestTopics.PartitionsOf(topic).Select(static partition => new CommittedOffset(partition, 3, 0, "")), committed.OrderBy(static each => each.Partition.Partition));
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Commits_by_itself_while_it_reads(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 9, Cancellation), group = Names.New("group");
        await using var consumer = new Consumer(client, Options(group) with { AutoCommitInterval = TimeSpan.FromMilliseconds(50) });
        consumer.Subscribe([topic]);
        await ReadAsync(consumer, 9);
        while ((await client.Admin.Groups.OffsetsAsync(group, cancellation: Cancellation)).Sum(static each => each.Offset) < 9) await consumer.PollAsync(Beat, Cancellation);
    }

    [Theory, MemberData(nameof(ClustersAndAssignors))]
    public async Task Partitions_are_shared_and_taken_over(string cluster, string assignor)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 300, Cancellation), group = Names.New("group");
        IPartitionAssignor chosen = new IPartitionAssignor[] { new RangeAssignor(), new RoundRobinAssignor(), new CooperativeStickyAssignor() }.Single(each => each.Name == assignor);
        await using var first = new Consumer(client, Options(group) with { Assignors = [chosen] });
        first.Subscribe([topic]);
        await ReadAsync(first, 300);
        Assert.Equal(3, first.Assignment.Count);
        var second = new Consumer(client, Options(group) with { Assignors = [chosen] });
        second.Subscribe([topic]);
        // Who gets two depends on the ids that the coordinator draws.
        while (first.Assignment.Count + second.Assignment.Count != 3 || first.Assignment.Count == 0 || second.Assignment.Count == 0) await Task.WhenAll(first.PollAsync(Beat, Cancellation), second.PollAsync(Beat, Cancellation));
        Assert.Empty(first.Assignment.Intersect(second.Assignment));
        GroupDescription described = await client.Admin.Groups.DescribeAsync(group, Cancellation);
        Assert.Equal(("Stable", assignor, 2), (described.State, described.Protocol, described.Members.Count));
        Assert.Equal(TestTopics.PartitionsOf(topic), described.Members.SelectMany(static member => member.Assignment).OrderBy(static each => each.Partition));
        await second.DisposeAsync();
        while (first.Assignment.Count != 3) await first.PollAsync(Beat, Cancellation);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task A_cooperative_member_keeps_reading_what_stays(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation), group = Names.New("group");
        ConsumerOptions options = Options(group) with { Assignors = [new CooperativeStickyAssignor()] };
        var told = new Told();
        await using var first = new Consumer(client, options);
        first.Subscribe([topic], told);
        await ReadAsync(first, 3);
        await using var second = new Consumer(client, options);
        second.Subscribe([topic]);
        while (first.Assignment.Count != 2 || second.Assignment.Count != 1)
        {
            await Task.WhenAll(first.PollAsync(Beat, Cancellation), second.PollAsync(Beat, Cancellation));
            Assert.InRange(first.Assignment.Count, 2, 3);
        }

        Assert.Equal(second.Assignment, told.Revoked);
        Assert.Equal(3, told.Assigned.Count);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task A_static_member_comes_back_to_its_partitions_without_a_rebalance(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 30, Cancellation), group = Names.New("group");
        var told = new Told();
        await using var first = new Consumer(client, Options(group) with { GroupInstanceId = "one" });
        first.Subscribe([topic], told);
        var second = new Consumer(client, Options(group) with { GroupInstanceId = "two" });
        second.Subscribe([topic]);
        while (first.Assignment.Count + second.Assignment.Count != 3 || second.Assignment.Count == 0) await Task.WhenAll(first.PollAsync(Beat, Cancellation), second.PollAsync(Beat, Cancellation));
        IReadOnlyList<TopicPartition> had = second.Assignment;
        int revocations = told.Revocations;
        await second.DisposeAsync();
        await using var again = new Consumer(client, Options(group) with { GroupInstanceId = "two" });
        again.Subscribe([topic]);
        while (again.Assignment.Count == 0) await again.PollAsync(Beat, Cancellation);
        await first.PollAsync(TimeSpan.FromSeconds(1), Cancellation);
        Assert.Equal(had, again.Assignment);
        Assert.Equal(revocations, told.Revocations);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task A_member_that_does_not_poll_loses_its_partitions_and_comes_back(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation), group = Names.New("group");
        var told = new Told();
        await using var consumer = new Consumer(client, Options(group) with { PollIntervalMax = TimeSpan.FromSeconds(1), Assignors = [new RangeAssignor()] });
        consumer.Subscribe([topic], told);
        await ReadAsync(consumer, 3);
        while ((await client.Admin.Groups.DescribeAsync(group, Cancellation)).State != "Empty")
        {
        }

        while (told.Lost.Count == 0 || consumer.Assignment.Count != 3) await consumer.PollAsync(Beat, Cancellation);
    }

    private static ConsumerOptions Options(string group) => new()
    {
        GroupId = group,
        OffsetReset = OffsetReset.Earliest,
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        SessionTimeout = TimeSpan.FromSeconds(10),
    };

    private static async Task<List<ConsumedRecord>> ReadAsync(Consumer consumer, int count)
    {
        List<ConsumedRecord> read = [];
        while (read.Count < count) read.AddRange(await consumer.PollAsync(Patience, Cancellation));
        return read;
    }

    private sealed class Told : IRebalanceListener
    {
        public List<TopicPartition> Assigned { get; } = [];

        public List<TopicPartition> Revoked { get; } = [];

        public List<TopicPartition> Lost { get; } = [];

        public int Revocations { get; private set; }

        public ValueTask AssignedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
        {
            Assigned.AddRange(partitions);
            return default;
        }

        public ValueTask RevokedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
        {
            Revoked.AddRange(partitions);
            Revocations++;
            return default;
        }

        public ValueTask LostAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
        {
            Lost.AddRange(partitions);
            return default;
        }
    }
}
