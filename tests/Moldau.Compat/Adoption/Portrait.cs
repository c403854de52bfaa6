using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Moldau.Compat.Confluent;

namespace Moldau.Compat.Adoption;

/// <summary>All that a client can see of a node: cluster id, topics with their ids, configurations and records, and groups' offsets, as lines to compare.</summary>
internal static class Portrait
{
    public static async Task<string[]> OfAsync(ConfluentClient client, IEnumerable<string> groups)
    {
        using IAdminClient admin = client.Admin();
        var lines = new List<string> { $"cluster {(await admin.DescribeClusterAsync()).ClusterId}" };
        // Whoever starts a node waits for a record in the probe's topic.
        List<TopicMetadata> topics = [.. admin.GetMetadata(ConfluentClient.Patience).Topics.Where(static topic => !topic.Topic.StartsWith("__", StringComparison.Ordinal) && topic.Topic != "moldau-probe").OrderBy(static topic => topic.Topic, StringComparer.Ordinal)];
        DescribeTopicsResult described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics.Select(static topic => topic.Topic)));
        foreach (TopicDescription topic in described.TopicDescriptions.OrderBy(static topic => topic.Name, StringComparer.Ordinal)) lines.Add($"topic {topic.Name} {topic.TopicId} {topic.Partitions.Count}");
        lines.AddRange(await ConfigsAsync(admin, topics));
        foreach (string group in groups) lines.AddRange(await OffsetsAsync(admin, group));
        TopicPartition[] partitions = [.. topics.SelectMany(static topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))];
        lines.AddRange(Records(client, partitions, IsolationLevel.ReadUncommitted));
        lines.AddRange(Records(client, partitions, IsolationLevel.ReadCommitted));
        return [.. lines];
    }

    private static async Task<IEnumerable<string>> ConfigsAsync(IAdminClient admin, List<TopicMetadata> topics)
    {
        ConfigResource[] resources = [new() { Type = ResourceType.Broker, Name = "1" }, .. topics.Select(static topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Topic })];
        List<DescribeConfigsResult> described = await admin.DescribeConfigsAsync(resources);
        return described.SelectMany(static result => result.Entries.Values.Where(static entry => entry.Source is ConfigSource.DynamicTopicConfig or ConfigSource.DynamicBrokerConfig)
            .Select(entry => $"config {result.ConfigResource.Name} {entry.Name}={entry.Value}")).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Records(ConfluentClient client, TopicPartition[] partitions, IsolationLevel isolation)
    {
        using IConsumer<byte[], byte[]> consumer = client.Consumer("unused", config => config.IsolationLevel = isolation).Build();
        consumer.Assign(partitions.Select(static partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var read = new List<ConsumeResult<byte[], byte[]>>();
        for (int ended = 0; ended < partitions.Length;)
        {
            ConsumeResult<byte[], byte[]> next = consumer.Consume(ConfluentClient.Patience) ?? throw new TimeoutException($"no record and no end within {ConfluentClient.Patience}; {read.Count} were read");
            if (next.IsPartitionEOF) ended++;
            else read.Add(next);
        }

        // Of a compacted topic only the newest record of each key is sure to be there, whoever cleans it when.
        IEnumerable<ConsumeResult<byte[], byte[]>> lasting = read.Where(static record => record.Topic != "compacted")
            .Concat(read.Where(static record => record.Topic == "compacted").GroupBy(static record => Text(record.Message.Key)).Select(static key => key.MaxBy(static record => record.Offset.Value)!));
        return lasting.OrderBy(static record => record.Topic, StringComparer.Ordinal).ThenBy(static record => record.Partition.Value).ThenBy(static record => record.Offset.Value).Select(record => $"{isolation} {Line(record)}");
    }

    private static async Task<IEnumerable<string>> OffsetsAsync(IAdminClient admin, string group)
    {
        // A coordinator that has just started reads its records first.
        List<ListConsumerGroupOffsetsResult> listed = await Client.EventuallyAsync(
            () => ListAsync(admin, group), static listed => listed.Count > 0, TestContext.Current.CancellationToken);
        return listed.SelectMany(static result => result.Partitions).Select(partition => $"group {group} {partition.Topic} {partition.Partition.Value} {partition.Offset.Value}").Order(StringComparer.Ordinal);
    }

    private static async Task<List<ListConsumerGroupOffsetsResult>> ListAsync(IAdminClient admin, string group)
    {
        try
        {
            return await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)]);
        }
        catch (KafkaException loading) when (loading.Error.Code is ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup)
        {
            return [];
        }
    }

    private static string Line(ConsumeResult<byte[], byte[]> record)
    {
        string headers = string.Join(',', record.Message.Headers.Select(static header => $"{header.Key}={Text(header.GetValueBytes())}"));
        return $"{record.Topic} {record.Partition.Value} {record.Offset.Value} {record.Message.Timestamp.Type} {record.Message.Timestamp.UnixTimestampMs} {Text(record.Message.Key)} {Text(record.Message.Value)} {headers}";
    }

    private static string Text(byte[]? bytes) => bytes is null ? "null" : $"'{Encoding.UTF8.GetString(bytes)}'";
}
