using Confluent.Kafka;

namespace Moldau.Compat.Confluent;

/// <summary>Confluent.Kafka's consumer with partitions that it assigns itself.</summary>
public sealed class ConfluentConsumeTests(NodeFixture node)
{
    private readonly ConfluentClient _client = new(node);

    [Fact]
    public async Task An_offset_past_the_end_is_an_error_where_no_reset_is_wanted()
    {
        string topic = await TopicWithLinesAsync("confluent-out-of-range");
        using IConsumer<byte[], byte[]> consumer = _client.Consumer("unused", config => config.AutoOffsetReset = AutoOffsetReset.Error).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, RealLog.Lines.Length + 1000));

        var failure = Assert.Throws<ConsumeException>(() => consumer.Consume(ConfluentClient.Patience));

        Assert.Equal(ErrorCode.Local_AutoOffsetReset, failure.Error.Code);
    }

    [Fact]
    public void A_topic_that_does_not_exist_is_an_error_where_none_may_be_made()
    {
        using IConsumer<byte[], byte[]> consumer = _client.Consumer(NodeFixture.Name("group"), config => config.AllowAutoCreateTopics = false).Build();
        consumer.Subscribe(NodeFixture.Name("confluent-missing"));

        var failure = Assert.Throws<ConsumeException>(() => consumer.Consume(ConfluentClient.Patience));

        Assert.Equal(ErrorCode.UnknownTopicOrPart, failure.Error.Code);
    }

    [Fact]
    public async Task Reading_starts_where_it_is_told_to()
    {
        string topic = await TopicWithLinesAsync("confluent-seek");
        using IConsumer<byte[], byte[]> consumer = _client.Consumer("unused").Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, 100));
        Assert.Equal(RealLog.Lines[100..], ConfluentClient.Text(ConfluentClient.ReadToEnd(consumer)));

        consumer.Seek(new TopicPartitionOffset(topic, 0, 7));

        Assert.Equal(RealLog.Lines[7..], ConfluentClient.Text(ConfluentClient.ReadToEnd(consumer)));
    }

    [Fact]
    public async Task Watermarks_are_first_and_next_offset()
    {
        string topic = await TopicWithLinesAsync("confluent-watermarks");
        using IConsumer<byte[], byte[]> consumer = _client.Consumer("unused").Build();

        WatermarkOffsets offsets = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), ConfluentClient.Patience);

        Assert.Equal((0L, (long)RealLog.Lines.Length), (offsets.Low.Value, offsets.High.Value));
    }

    [Fact]
    public async Task An_offset_is_found_by_its_time()
    {
        string topic = NodeFixture.Name("confluent-times");
        await _client.CreateTopicAsync(topic);
        const long Start = 1_700_000_000_000;
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer())
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => producer.ProduceAsync(new TopicPartition(topic, 0), new Message<byte[]?, byte[]?>
            {
                Value = BitConverter.GetBytes(i), Timestamp = new Timestamp(Start + (i * 10), TimestampType.CreateTime),
            })));
        using IConsumer<byte[], byte[]> consumer = _client.Consumer("unused").Build();

        long OffsetAt(long time) => consumer
            .OffsetsForTimes([new TopicPartitionTimestamp(topic, 0, new Timestamp(time, TimestampType.CreateTime))], ConfluentClient.Patience)[0].Offset.Value;

        Assert.Equal(0, OffsetAt(0));
        Assert.Equal(250, OffsetAt(Start + 2500));
        Assert.Equal(251, OffsetAt(Start + 2501));
        Assert.Equal(Offset.End.Value, OffsetAt(Start + 1_000_000));
    }

    [Fact]
    public async Task Many_partitions_are_read_at_once_within_small_fetches()
    {
        string topic = NodeFixture.Name("confluent-small-fetches");
        await _client.CreateTopicAsync(topic, partitions: 6);
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer())
            await Task.WhenAll(Enumerable.Range(0, 6).Select(partition => ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines, partition)));
        using IConsumer<byte[], byte[]> consumer = _client.Consumer(
            "unused", config => (config.FetchMaxBytes, config.MaxPartitionFetchBytes, config.MessageMaxBytes) = (100_000, 20_000, 100_000)).Build();
        consumer.Assign(Enumerable.Range(0, 6).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));

        List<ConsumeResult<byte[], byte[]>> read = [];
        for (int ends = 0; ends < 6;)
        {
            ConsumeResult<byte[], byte[]> next = consumer.Consume(ConfluentClient.Patience) ?? throw new TimeoutException($"{read.Count} were read");
            if (next.IsPartitionEOF) ends++;
            else read.Add(next);
        }

        Assert.All(read.GroupBy(record => record.Partition.Value), group => Assert.Equal(RealLog.Lines, ConfluentClient.Text(group)));
        Assert.Equal(6 * RealLog.Lines.Length, read.Count);
    }

    [Fact]
    public async Task A_waiting_consumer_gets_a_record_that_is_produced_later()
    {
        string topic = NodeFixture.Name("confluent-long-poll");
        await _client.CreateTopicAsync(topic);
        // The fetch waits longer than the test: only a node that wakes it can answer in time.
        using IConsumer<byte[], byte[]> consumer = _client.Consumer(
            "unused", config => (config.FetchWaitMaxMs, config.SocketTimeoutMs, config.EnablePartitionEof) = (120_000, 130_000, false)).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.Null(consumer.Consume(TimeSpan.FromSeconds(1)));
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();

        await ConfluentClient.ProduceAsync(producer, topic, ["late"]);

        Assert.Equal(["late"], ConfluentClient.Text([consumer.Consume(ConfluentClient.Patience)!]));
    }

    private async Task<string> TopicWithLinesAsync(string name)
    {
        string topic = NodeFixture.Name(name);
        await _client.CreateTopicAsync(topic);
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();
        await ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines);
        return topic;
    }
}
