using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Moldau.Processes;

namespace Moldau.Compat.Confluent;

/// <summary>Confluent.Kafka's clients as the tests here want them: quiet, bounded, and of the packaged library.</summary>
internal sealed class ConfluentClient
{
    private readonly string _bootstrap;

    public ConfluentClient(NodeFixture node)
        : this(node.Bootstrap)
    {
    }

    public ConfluentClient(string bootstrap)
    {
        _bootstrap = bootstrap;
        Assert.StartsWith("2.16.", PackagedLibrdkafka.Version);
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _bootstrap }).SetLogHandler(Quiet).Build();

    public IProducer<byte[]?, byte[]?> Producer(Action<ProducerConfig>? adjust = null)
    {
        var config = new ProducerConfig { BootstrapServers = _bootstrap, Acks = Acks.All, LingerMs = 2, MessageTimeoutMs = 60_000 };
        adjust?.Invoke(config);
        return new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler(Quiet).Build();
    }

    public ConsumerBuilder<byte[], byte[]> Consumer(string group, Action<ConsumerConfig>? adjust = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = _bootstrap, GroupId = group, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false, EnablePartitionEof = true,
        };
        adjust?.Invoke(config);
        return new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler(Quiet);
    }

    public async Task CreateTopicAsync(string topic, int partitions = 1, Dictionary<string, string>? configs = null)
    {
        using IAdminClient admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);
    }

    /// <summary>Produces lines in order to one partition and waits for every acknowledgement.</summary>
    public static async Task<DeliveryResult<byte[]?, byte[]?>[]> ProduceAsync(IProducer<byte[]?, byte[]?> producer, string topic, IEnumerable<string> lines, int partition = 0)
    {
        var target = new TopicPartition(topic, partition);
        return await Task.WhenAll(lines.Select(line => producer.ProduceAsync(target, new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes(line) })));
    }

    /// <summary>Everything in one partition, from its start to its end.</summary>
    public List<ConsumeResult<byte[], byte[]>> ReadAll(string topic, int partition = 0, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer("unused", config => config.IsolationLevel = isolation).Build();
        consumer.Assign(new TopicPartitionOffset(topic, partition, Offset.Beginning));
        return ReadToEnd(consumer);
    }

    /// <summary>From where the consumer stands until its partition's end.</summary>
    public static List<ConsumeResult<byte[], byte[]>> ReadToEnd(IConsumer<byte[], byte[]> consumer)
    {
        List<ConsumeResult<byte[], byte[]>> read = [];
        while (true)
        {
            ConsumeResult<byte[], byte[]> next = consumer.Consume(Patience) ?? throw new TimeoutException($"no record and no end within {Patience}; {read.Count} were read");
            if (next.IsPartitionEOF) return read;
            read.Add(next);
        }
    }

    public static string[] Text(IEnumerable<ConsumeResult<byte[], byte[]>> records) => [.. records.Select(record => Encoding.UTF8.GetString(record.Message.Value))];

    private static void Quiet(object client, LogMessage message)
    {
        // Failures reach the tests as exceptions and error codes; the log lines of a dozen clients would bury them.
    }
}
