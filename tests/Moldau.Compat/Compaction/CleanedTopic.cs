using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Moldau.Compat.Oracle;
using Moldau.Processes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using CompressionType = Moldau.Protocol.Compression.CompressionType;

namespace Moldau.Compat.Compaction;

/// <summary>A compacted topic of one partition on one node: written batch by batch as it is told, so that segments are the same everywhere, and read by librdkafka.</summary>
internal sealed class CleanedTopic(OracleNode node, string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Folder => Path.Combine(node.Process.Setup.DataFolder, $"{name}-0");

    public async Task CreateAsync(IReadOnlyDictionary<string, string> configs, CancellationToken token, int partitions = 1)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 30_000 };
        CreateTopicsRequest.CreatableTopic topic = request.Topics.Add();
        topic.Name = name;
        topic.NumPartitions = partitions;
        topic.ReplicationFactor = 1;
        foreach ((string key, string value) in configs)
        {
            CreateTopicsRequest.CreatableTopicConfig config = topic.Configs.Add();
            config.Name = key;
            config.Value = value;
        }

        JsonNode answer = await node.AskAsync(request, 5, token);
        Assert.Equal(0, (int)(long)answer["topics"]![0]!["errorCode"]!);
    }

    public async Task ConfigureAsync(string key, string value, CancellationToken token)
    {
        var request = new IncrementalAlterConfigsRequest();
        IncrementalAlterConfigsRequest.AlterConfigsResource resource = request.Resources.Add();
        resource.ResourceType = 2;
        resource.ResourceName = name;
        IncrementalAlterConfigsRequest.AlterableConfig config = resource.Configs.Add();
        config.Name = key;
        config.Value = value;
        JsonNode answer = await node.AskAsync(request, 1, token);
        Assert.Equal(0, (long)answer["responses"]![0]!["errorCode"]!);
    }

    /// <summary>Produces one batch; asks again while the partition is not open yet.</summary>
    public async Task ProduceAsync(byte[] batch, CancellationToken token)
    {
        JsonNode answer = await Client.EventuallyAsync(() => SendAsync(batch, token), static answer => Error(answer) is not (3 or 5 or 6), token);
        Assert.Equal(0, Error(answer));
    }

    /// <summary>Waits until everything below the active segment is clean, as the checkpoint in the data folder says.</summary>
    public async Task CleanedAsync(CancellationToken token)
    {
        (long cleaned, long active) = await Client.EventuallyAsync(() => Task.FromResult((Checkpoint(), ActiveSegment())), static state => state.Item1 == state.Item2, token);
        Assert.True(cleaned == active, $"{node.Process.Program.Name} has cleaned {name} up to {cleaned} of {active}\n{node.Process.Log}");
    }

    /// <summary>Everything a consumer gets: <c>offset key value</c>, a tombstone without the last.</summary>
    public List<string> Read()
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = node.Process.Setup.Bootstrap, GroupId = "unused", EnableAutoCommit = false, EnablePartitionEof = true, IsolationLevel = IsolationLevel.ReadUncommitted,
        };
        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(config).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(name, 0, global::Confluent.Kafka.Offset.Beginning));
        var records = new List<string>();
        while (true)
        {
            ConsumeResult<string, string> result = consumer.Consume(Patience) ?? throw new TimeoutException($"{name} was not read to its end");
            if (result.IsPartitionEOF) return records;
            string value = result.Message.Value is { } text ? " " + text : "";
            records.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Offset.Value} {result.Message.Timestamp.UnixTimestampMs} {result.Message.Key}{value}"));
        }
    }

    /// <summary>A batch of keyed records.</summary>
    public static byte[] Batch(CompressionType codec, long producer, int sequence, long timestampMs, IEnumerable<(string Key, string? Value)> records)
    {
        var options = new RecordBatchOptions { Compression = codec };
        if (producer >= 0) options = options with { ProducerId = (ProducerId)producer, ProducerEpoch = 0, BaseSequence = sequence };
        using var builder = new RecordBatchBuilder(options);
        foreach ((string key, string? value) in records) builder.Append(timestampMs++, Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value));
        return builder.BuildArray();
    }

    private Task<JsonNode> SendAsync(byte[] batch, CancellationToken token)
    {
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
        ProduceRequest.TopicProduceData topic = request.TopicData.Add();
        topic.Name = name;
        ProduceRequest.PartitionProduceData partition = topic.PartitionData.Add();
        partition.Records = new Records(batch);
        return node.AskAsync(request, 9, token);
    }

    private static int Error(JsonNode answer) => (int)(long)answer["responses"]![0]!["partitionResponses"]![0]!["errorCode"]!;

    private long Checkpoint()
    {
        string path = Path.Combine(node.Process.Setup.DataFolder, "cleaner-offset-checkpoint");
        if (!File.Exists(path)) return -1;
        string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith($"{name} 0 ", StringComparison.Ordinal));
        return line is null ? -1 : long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private long ActiveSegment() => Directory.GetFiles(Folder, "*.log").Select(static path => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture)).Max();
}
