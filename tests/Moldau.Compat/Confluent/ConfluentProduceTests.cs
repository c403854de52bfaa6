using System.Text;
using Confluent.Kafka;

namespace Moldau.Compat.Confluent;

/// <summary>Confluent.Kafka's producer, plain and idempotent.</summary>
public sealed class ConfluentProduceTests(NodeFixture node)
{
    private readonly ConfluentClient _client = new(node);

    [Fact]
    public async Task A_record_larger_than_the_topic_allows_is_refused()
    {
        string topic = NodeFixture.Name("confluent-large");
        await _client.CreateTopicAsync(topic, configs: new() { ["max.message.bytes"] = "2000" });
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();

        var refused = await Assert.ThrowsAsync<ProduceException<byte[]?, byte[]?>>(
            () => producer.ProduceAsync(new TopicPartition(topic, 0), new Message<byte[]?, byte[]?> { Value = new byte[3000] }));

        Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        Assert.Empty(_client.ReadAll(topic));
    }

    [Fact]
    public async Task A_partition_that_does_not_exist_is_refused()
    {
        string topic = NodeFixture.Name("confluent-partitions");
        await _client.CreateTopicAsync(topic);
        using IProducer<byte[]?, byte[]?> producer = _client.Producer(config => config.MessageTimeoutMs = 5000);

        var refused = await Assert.ThrowsAsync<ProduceException<byte[]?, byte[]?>>(
            () => producer.ProduceAsync(new TopicPartition(topic, 7), new Message<byte[]?, byte[]?> { Value = [1] }));

        Assert.Equal(ErrorCode.Local_UnknownPartition, refused.Error.Code);
    }

    [Fact]
    public async Task A_record_without_a_key_is_refused_by_a_compacted_topic()
    {
        string topic = NodeFixture.Name("confluent-compacted");
        await _client.CreateTopicAsync(topic, configs: new() { ["cleanup.policy"] = "compact" });
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();

        var refused = await Assert.ThrowsAsync<ProduceException<byte[]?, byte[]?>>(
            () => producer.ProduceAsync(new TopicPartition(topic, 0), new Message<byte[]?, byte[]?> { Value = [1] }));

        Assert.Equal(ErrorCode.InvalidRecord, refused.Error.Code);
    }

    [Theory]
    [InlineData(CompressionType.None, 0)]
    [InlineData(CompressionType.Gzip, 1)]
    [InlineData(CompressionType.Snappy, 2)]
    [InlineData(CompressionType.Lz4, 3)]
    [InlineData(CompressionType.Zstd, 4)]
    public async Task Every_line_comes_back_whatever_the_compression(CompressionType compression, int codec)
    {
        string topic = NodeFixture.Name("confluent-codec");
        await _client.CreateTopicAsync(topic);
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer(config => config.CompressionType = compression))
            await ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines);

        Assert.Equal(RealLog.Lines, ConfluentClient.Text(_client.ReadAll(topic)));
        Codecs.AreOf(node, topic, codec);
    }

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Every_line_comes_back_whatever_the_acknowledgement(Acks acks)
    {
        string topic = NodeFixture.Name("confluent-acks");
        await _client.CreateTopicAsync(topic);
        using IProducer<byte[]?, byte[]?> producer = _client.Producer(config => config.Acks = acks);
        await ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines);

        using IConsumer<byte[], byte[]> consumer = _client.Consumer("unused", config => config.EnablePartitionEof = false).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        List<ConsumeResult<byte[], byte[]>> read = [];
        while (read.Count < RealLog.Lines.Length && consumer.Consume(ConfluentClient.Patience) is { } next) read.Add(next);

        Assert.Equal(RealLog.Lines, ConfluentClient.Text(read));
    }

    [Fact]
    public async Task Keys_headers_timestamps_and_null_values_are_kept()
    {
        string topic = NodeFixture.Name("confluent-fields");
        await _client.CreateTopicAsync(topic);
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();
        var at = new Timestamp(1_700_000_000_123, TimestampType.CreateTime);
        var headers = new Headers { { "trace", "č"u8.ToArray() }, { "empty", [] }, { "null", null }, { "trace", [0, 255] } };
        var target = new TopicPartition(topic, 0);

        await producer.ProduceAsync(target, new Message<byte[]?, byte[]?> { Key = "key"u8.ToArray(), Value = "value"u8.ToArray(), Headers = headers, Timestamp = at });
        await producer.ProduceAsync(target, new Message<byte[]?, byte[]?> { Key = [], Value = null, Timestamp = at });
        await producer.ProduceAsync(target, new Message<byte[]?, byte[]?> { Key = null, Value = [], Timestamp = at });

        List<ConsumeResult<byte[], byte[]>> read = _client.ReadAll(topic);
        Assert.Equal(["key", "", null], read.Select(record => record.Message.Key is { } key ? Encoding.UTF8.GetString(key) : null));
        Assert.Equal(["value", null, ""], read.Select(record => record.Message.Value is { } value ? Encoding.UTF8.GetString(value) : null));
        Assert.All(read, record => Assert.Equal(at, record.Message.Timestamp));
        Assert.Equal(["trace", "empty", "null", "trace"], read[0].Message.Headers.Select(header => header.Key));
        Assert.Equal([[0xC4, 0x8D], [], null, [0, 255]], read[0].Message.Headers.Select(header => header.GetValueBytes()));
    }

    [Fact]
    public async Task A_topic_with_append_time_stamps_records_itself()
    {
        string topic = NodeFixture.Name("confluent-append-time");
        await _client.CreateTopicAsync(topic, configs: new() { ["message.timestamp.type"] = "LogAppendTime" });
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();
        await producer.ProduceAsync(new TopicPartition(topic, 0), new Message<byte[]?, byte[]?> { Value = [1], Timestamp = new Timestamp(1_000, TimestampType.CreateTime) });

        Timestamp stamp = Assert.Single(_client.ReadAll(topic)).Message.Timestamp;

        Assert.Equal(TimestampType.LogAppendTime, stamp.Type);
        Assert.True(stamp.UnixTimestampMs > 1_600_000_000_000, $"stamped {stamp.UtcDateTime:O}");
    }

    [Fact]
    public async Task Records_of_a_key_stay_in_one_partition_and_in_order()
    {
        string topic = NodeFixture.Name("confluent-keys");
        await _client.CreateTopicAsync(topic, partitions: 4);
        using IProducer<byte[]?, byte[]?> producer = _client.Producer(config => config.Partitioner = Partitioner.Murmur2Random);
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => producer.ProduceAsync(
            topic, new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes($"key-{i % 40}"), Value = BitConverter.GetBytes(i) })));

        var all = Enumerable.Range(0, 4).SelectMany(partition => _client.ReadAll(topic, partition)).ToList();

        Assert.Equal(2000, all.Count);
        foreach (var ofKey in all.GroupBy(record => Encoding.UTF8.GetString(record.Message.Key)))
        {
            Assert.Single(ofKey.Select(record => record.Partition).Distinct());
            int[] values = [.. ofKey.Select(record => BitConverter.ToInt32(record.Message.Value))];
            Assert.Equal(values.Order(), values);
        }
    }

    [Fact]
    public async Task An_idempotent_producer_leaves_every_line_once_and_in_order()
    {
        string topic = NodeFixture.Name("confluent-idempotent");
        await _client.CreateTopicAsync(topic, partitions: 2);
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer(config => (config.EnableIdempotence, config.BatchNumMessages) = (true, 20)))
        {
            Task even = ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines, partition: 0);
            Task odd = ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines, partition: 1);
            await Task.WhenAll(even, odd);
        }

        for (int partition = 0; partition < 2; partition++)
        {
            List<ConsumeResult<byte[], byte[]>> read = _client.ReadAll(topic, partition);
            Assert.Equal(RealLog.Lines, ConfluentClient.Text(read));
            Assert.Equal(Enumerable.Range(0, RealLog.Lines.Length).Select(i => (long)i), read.Select(record => record.Offset.Value));
        }
    }

    [Fact]
    public async Task A_topic_is_made_by_the_first_record_for_it()
    {
        string topic = NodeFixture.Name("confluent-auto-created");
        using IProducer<byte[]?, byte[]?> producer = _client.Producer();

        DeliveryResult<byte[]?, byte[]?> result = await producer.ProduceAsync(topic, new Message<byte[]?, byte[]?> { Value = "first"u8.ToArray() });

        Assert.Equal(PersistenceStatus.Persisted, result.Status);
        Assert.Equal(["first"], ConfluentClient.Text(_client.ReadAll(topic)));
    }
}
