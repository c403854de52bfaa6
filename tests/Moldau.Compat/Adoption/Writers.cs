using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Moldau.Compat.Confluent;

namespace Moldau.Compat.Adoption;

/// <summary>Writes of every kind, round after round, whoever serves them.</summary>
internal sealed class Writers : IDisposable
{
    private const int Records = 30;
    private static readonly CompressionType[] Codecs = [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    // The records' timestamps are of one day, whenever the test runs.
    private static readonly Dictionary<string, string> Kept = new() { ["retention.ms"] = "-1" };
    private readonly ConfluentClient _client;
    private readonly IProducer<byte[]?, byte[]?> _steady;
    private int _round;

    public Writers(ConfluentClient client)
    {
        _client = client;
        // One idempotent producer through all: who serves it goes on with the sequence that the other one knew.
        _steady = client.Producer(static config => (config.EnableIdempotence, config.ReconnectBackoffMaxMs) = (true, 200));
    }

    public static string[] Groups => ["plain-group", "tx-group"];

    /// <summary>Topics of all kinds, and configurations.</summary>
    public async Task PrepareAsync()
    {
        foreach (CompressionType codec in Codecs) await _client.CreateTopicAsync($"codec-{codec}", 2, new(Kept) { ["internal.segment.bytes"] = "2048" });
        await _client.CreateTopicAsync("compacted", 1, new(Kept) { ["cleanup.policy"] = "compact", ["internal.segment.bytes"] = "2048", ["min.cleanable.dirty.ratio"] = "0.01" });
        await _client.CreateTopicAsync("steady", 1, new(Kept) { ["message.timestamp.type"] = "LogAppendTime" });
        await _client.CreateTopicAsync("tx", 1, new(Kept) { ["internal.segment.bytes"] = "2048" });
        await _client.CreateTopicAsync("empty");
    }

    /// <summary>One round of writes.</summary>
    public async Task WriteAsync()
    {
        _round++;
        foreach (CompressionType codec in Codecs)
        {
            using IProducer<byte[]?, byte[]?> producer = _client.Producer(config => (config.CompressionType, config.EnableIdempotence) = (codec, codec == CompressionType.Zstd));
            await ProduceAsync(producer, $"codec-{codec}", static i => new Partition(i % 2), Records);
        }

        using (IProducer<byte[]?, byte[]?> producer = _client.Producer()) await ProduceAsync(producer, "compacted", static _ => new Partition(0), Records, tombstones: true);
        await ProduceAsync(_steady, "steady", static _ => new Partition(0), Records);
        Commit("plain-group");
        await ConfigureAsync();
    }

    /// <summary>A transaction that commits, with a group's offset in it, and one that aborts.</summary>
    public async Task TransactAsync()
    {
        using IProducer<byte[]?, byte[]?> producer = _client.Producer(config => config.TransactionalId = "adopted");
        producer.InitTransactions(2 * ConfluentClient.Patience);
        foreach (bool commits in new[] { true, false })
        {
            producer.BeginTransaction();
            await ProduceAsync(producer, "tx", static _ => new Partition(0), Records);
            if (commits)
            {
                using IConsumer<byte[], byte[]> consumer = _client.Consumer("tx-group").Build();
                producer.SendOffsetsToTransaction([new TopicPartitionOffset("tx", 0, 7)], consumer.ConsumerGroupMetadata, ConfluentClient.Patience);
                producer.CommitTransaction(ConfluentClient.Patience);
            }
            else
            {
                producer.AbortTransaction(ConfluentClient.Patience);
            }
        }
    }

    /// <summary>A group of the consumer protocol (KIP-848), whose records only Apache Kafka acts on.</summary>
    public void JoinConsumerGroup()
    {
        using IConsumer<byte[], byte[]> consumer = _client.Consumer("consumer-protocol-group", static config => config.GroupProtocol = GroupProtocol.Consumer).Build();
        consumer.Subscribe("compacted");
        ConsumeResult<byte[], byte[]> first = consumer.Consume(ConfluentClient.Patience) ?? throw new TimeoutException("no record for the group");
        consumer.Commit(first);
        consumer.Close();
    }

    public void Dispose() => _steady.Dispose();

    private async Task ProduceAsync(IProducer<byte[]?, byte[]?> producer, string topic, Func<int, Partition> partition, int count, bool tombstones = false)
    {
        var sent = new List<Task>();
        for (int i = 0; i < count; i++)
        {
            bool isTombstone = tombstones && i % 7 == 0;
            sent.Add(producer.ProduceAsync(new TopicPartition(topic, partition(i)), new Message<byte[]?, byte[]?>
            {
                Key = Encoding.UTF8.GetBytes($"key-{i % 10}"),
                Value = isTombstone ? null : Encoding.UTF8.GetBytes($"round {_round} record {i} {new string((char)('a' + i % 26), 40)}"),
                Headers = new Headers { { "round", Encoding.UTF8.GetBytes($"{_round}") } },
                Timestamp = new Timestamp(1_790_000_000_000 + _round * 1000 + i, TimestampType.CreateTime),
            }));
            // Several batches, and so several segments.
            if (i % 10 == 9) await Task.WhenAll(sent);
        }

        await Task.WhenAll(sent);
    }

    private void Commit(string group)
    {
        using IConsumer<byte[], byte[]> consumer = _client.Consumer(group).Build();
        consumer.Commit([new TopicPartitionOffset("compacted", 0, _round), new TopicPartitionOffset("codec-Zstd", 1, _round * 2)]);
    }

    private async Task ConfigureAsync()
    {
        using IAdminClient admin = _client.Admin();
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = "codec-Gzip" }] = [Set("segment.ms", $"{8_640_000_000L + _round}"), Set("max.message.bytes", $"{900_000 + _round}")],
            [new ConfigResource { Type = ResourceType.Broker, Name = "1" }] = [Set("message.max.bytes", $"{1_200_000 + _round}")],
        });
    }

    private static ConfigEntry Set(string name, string value) => new() { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set };
}
