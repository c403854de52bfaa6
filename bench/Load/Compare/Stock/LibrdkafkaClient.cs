using System.Diagnostics;
using Confluent.Kafka;
using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Wire;
using Moldau.Processes;

namespace Moldau.Load.Compare.Stock;

/// <summary>librdkafka, by Confluent.Kafka.</summary>
internal sealed class LibrdkafkaClient : StockClient
{
    private const int QueuedRecordsMax = 1_000_000;
    private static readonly TimeSpan Room = TimeSpan.FromMilliseconds(5);

    public override string Name => "librdkafka";

    public override Task<TimeSpan> ProduceAsync(TestTopic topic, StockLoad load) => RunAsync(() => Produce(topic, load));

    public override Task<TimeSpan> ConsumeAsync(TestTopic topic, StockLoad load) => RunAsync(() => Consume(topic, load));

    private static async Task<TimeSpan> RunAsync(Func<TimeSpan> run)
    {
        try
        {
            return await Task.Run(run);
        }
        catch (KafkaException failure)
        {
            throw new ReplayException($"librdkafka: {failure.Error}");
        }
    }

    private static TimeSpan Produce(TestTopic topic, StockLoad load)
    {
        _ = PackagedLibrdkafka.Version;
        var config = new ProducerConfig
        {
            BootstrapServers = topic.EndPoint.ToString(), Acks = (Acks)load.Acks, LingerMs = 5, BatchSize = load.BatchBytes, BatchNumMessages = QueuedRecordsMax,
            QueueBufferingMaxMessages = QueuedRecordsMax, QueueBufferingMaxKbytes = 256 * 1024, EnableIdempotence = false,
            // What was acknowledged is counted by the broker's end offsets: a report for each record would measure this client.
            EnableDeliveryReports = false,
        };
        byte[] value = new byte[load.RecordBytes];
        new Random(load.RecordBytes).NextBytes(value);
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < load.Records; i++) Send(producer, new TopicPartition(topic.Name, i % topic.Partitions), value);
        if (producer.Flush(Limits.StockRun) > 0) throw new ReplayException($"librdkafka's records were not acknowledged within {Limits.StockRun}");
        return Stopwatch.GetElapsedTime(began);
    }

    private static void Send(IProducer<Null, byte[]> producer, TopicPartition partition, byte[] value)
    {
        while (true)
        {
            try
            {
                producer.Produce(partition, new Message<Null, byte[]> { Value = value });
                return;
            }
            catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(Room);
            }
        }
    }

    private static TimeSpan Consume(TestTopic topic, StockLoad load)
    {
        _ = PackagedLibrdkafka.Version;
        var config = new ConsumerConfig { BootstrapServers = topic.EndPoint.ToString(), GroupId = "load", EnableAutoCommit = false };
        using IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartitionOffset(topic.Name, partition, Offset.Beginning)));
        long began = Stopwatch.GetTimestamp();
        for (int read = 0; read < load.Records; read++)
            if (consumer.Consume(Limits.StockRun) == null) throw new ReplayException($"librdkafka read {read} of {load.Records} records and then none for {Limits.StockRun}");
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        consumer.Close();
        return elapsed;
    }
}
