using System.Text;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Tests.Clusters;
using Moldau.Protocol;

namespace Moldau.Client.Tests;

public sealed class AssignedConsumerTests(Peers peers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Clusters => [.. Peers.Names];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Clusters))]
    public async Task Throws_without_an_offset_when_reset_is_none(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation);
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.None });
        consumer.Assign([new TopicPartition(topic, 0)]);
        OffsetOutOfRangeException failure = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => consumer.PollAsync(Patience, Cancellation));
        Assert.Equal(new TopicPartition(topic, 0), failure.Partition);
        Assert.Equal(-1, failure.Offset);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Throws_for_an_offset_behind_the_end_when_reset_is_none(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation);
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.None });
        consumer.Assign([new TopicPartition(topic, 0)]);
        consumer.Seek(new TopicPartition(topic, 0), 77);
        OffsetOutOfRangeException failure = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => consumer.PollAsync(Patience, Cancellation));
        Assert.Equal(77, failure.Offset);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Begins_anew_at_an_offset_that_is_not_there(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation);
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest });
        consumer.Assign([new TopicPartition(topic, 0)]);
        consumer.Seek(new TopicPartition(topic, 0), 77);
        Assert.Equal(0, (await consumer.PollAsync(Patience, Cancellation))[0].Offset);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Seeking_a_partition_that_is_not_assigned_is_refused(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var consumer = new Consumer(client);
        Assert.Throws<InvalidOperationException>(() => consumer.Seek(new TopicPartition("any", 0), 0));
        Assert.Throws<InvalidOperationException>(() => consumer.Subscribe(["any"]));
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Gives_nothing_at_the_end_when_the_time_is_over(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation);
        await using var consumer = new Consumer(client);
        consumer.Assign(TestTopics.PartitionsOf(topic));
        Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(300), Cancellation));
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Stops_waiting_when_cancelled(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 3, Cancellation);
        await using var consumer = new Consumer(client);
        consumer.Assign(TestTopics.PartitionsOf(topic));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => consumer.PollAsync(Timeout.InfiniteTimeSpan, stop.Token));
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Reads_every_record_of_every_partition_once_and_in_order(string cluster)
    {
        const int count = 5000;
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, count, Cancellation);
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest, PollRecordsMax = 100, PartitionBytesMax = 2000 });
        consumer.Assign(TestTopics.PartitionsOf(topic));
        Dictionary<int, long> next = new() { [0] = 0, [1] = 0, [2] = 0 };
        for (int read = 0; read < count;)
        {
            IReadOnlyList<ConsumedRecord> records = await consumer.PollAsync(Patience, Cancellation);
            Assert.InRange(records.Count, 1, 100);
            foreach (ConsumedRecord record in records)
            {
                int partition = record.Partition.Partition;
                Assert.Equal(next[partition]++, record.Offset);
                Assert.Equal($"{(record.Offset * 3) + partition}", Encoding.ASCII.GetString(record.Value.Span));
            }

            read += records.Count;
        }

        Assert.Equal(count, next.Values.Sum());
        Assert.All(TestTopics.PartitionsOf(topic), partition => Assert.Equal(consumer.EndOffset(partition), consumer.Position(partition)));
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Seeks_to_offsets_ends_and_times(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 30, Cancellation);
        var partition = new TopicPartition(topic, 1);
        await using var consumer = new Consumer(client, new ConsumerOptions { PollRecordsMax = 1 });
        consumer.Assign([partition]);
        consumer.Seek(partition, 4);
        Assert.Equal(4, (await consumer.PollAsync(Patience, Cancellation))[0].Offset);
        Assert.Equal(5, (await consumer.PollAsync(Patience, Cancellation))[0].Offset);
        consumer.Seek(partition, OffsetSpec.Earliest);
        Assert.Equal(0, (await consumer.PollAsync(Patience, Cancellation))[0].Offset);
        consumer.Seek(partition, new OffsetSpec(1020));
        Assert.Equal(1022, (await consumer.PollAsync(Patience, Cancellation))[0].TimestampMs);
        consumer.Seek(partition, OffsetSpec.Latest);
        Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(200), Cancellation));
        Assert.Equal(10, consumer.Position(partition));
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Gives_nothing_of_a_paused_partition_until_it_is_resumed(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 30, Cancellation);
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest, PollRecordsMax = 3 });
        consumer.Assign(TestTopics.PartitionsOf(topic));
        await consumer.PollAsync(Patience, Cancellation);
        var paused = new TopicPartition(topic, 0);
        consumer.Pause(paused);
        long at = consumer.Position(paused) ?? 0;
        for (long others = consumer.Position(new(topic, 1)) + consumer.Position(new(topic, 2)) ?? 0; others < 20;)
        {
            IReadOnlyList<ConsumedRecord> records = await consumer.PollAsync(Patience, Cancellation);
            Assert.DoesNotContain(records, record => record.Partition == paused);
            others += records.Count;
        }

        consumer.Resume(paused);
        Assert.Equal(at, (await consumer.PollAsync(Patience, Cancellation))[0].Offset);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task A_loop_that_is_left_early_has_not_read_the_rest(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = await TestTopics.FilledAsync(client, 30, Cancellation);
        var partition = new TopicPartition(topic, 2);
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest });
        consumer.Assign([partition]);
        await foreach (ConsumedRecord record in consumer.ReadAsync(Cancellation))
        {
            if (record.Offset == 3) break;
        }

        Assert.Equal(4, consumer.Position(partition));
        Assert.Equal(4, (await consumer.PollAsync(Patience, Cancellation))[0].Offset);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Reads_a_topic_that_is_made_by_its_first_record(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = Names.New("later");
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest });
        consumer.Assign([new TopicPartition(topic, 0)]);
        Task<IReadOnlyList<ConsumedRecord>> reading = consumer.PollAsync(Patience, Cancellation);
        await using var producer = new Producing.Producer(client);
        await producer.ProduceAsync(new Producing.ProducerRecord(topic, "first"u8.ToArray()) { Partition = 0 }, Cancellation);
        ConsumedRecord first = (await reading)[0];
        Assert.Equal("first"u8, first.Value.Span);
    }
}
