using Moldau.Metadata;
using Moldau.Metadata.Configuration;
using Moldau.Metadata.Image;
using Moldau.Storage;

namespace Moldau.Broker.Configuration;

/// <summary>
/// What is in effect for a topic: its own configuration over the broker's dynamic one, over the cluster's dynamic default, over the node's file, over Kafka's defaults.
/// </summary>
internal sealed class TopicSettings(NodeOptions options)
{
    /// <summary>The log's configuration and <c>min.insync.replicas</c>.</summary>
    public (LogConfig Log, int MinInSyncReplicas) Of(MetadataImage image, string topic)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ConfigKey key in ConfigCatalog.Topic.Keys)
        {
            if (Look(image, topic, key) is { } text) given[key.Name] = text;
        }

        ConfigValues values = ConfigValues.Parse(ConfigCatalog.Topic, given);
        return (ToLog(values), values.Get(TopicKeys.MinInsyncReplicas));
    }

    private string? Look(MetadataImage image, string topic, ConfigKey key)
    {
        if (image.Configs.Of(ConfigResource.Topic(topic)).TryGetValue(key.Name, out string? own)) return own;
        var broker = image.Configs.Of(ConfigResource.Broker(options.NodeId));
        var cluster = image.Configs.Of(ConfigResource.ClusterDefault);
        foreach (string name in key.BrokerKeys)
        {
            if (broker.TryGetValue(name, out string? text) || cluster.TryGetValue(name, out text) || options.Values.Given.TryGetValue(name, out text))
            {
                return TopicUnits.Convert(key, name, text);
            }
        }

        return null;
    }

    private static LogConfig ToLog(ConfigValues values)
    {
        IReadOnlyList<string> policy = values.Get(TopicKeys.CleanupPolicy) ?? [];
        return new LogConfig
        {
            SegmentBytes = values.Get(TopicKeys.InternalSegmentBytes) ?? values.Get(TopicKeys.SegmentBytes),
            SegmentMs = values.Get(TopicKeys.SegmentMs),
            SegmentJitterMs = values.Get(TopicKeys.SegmentJitterMs),
            SegmentIndexBytes = values.Get(TopicKeys.SegmentIndexBytes),
            IndexIntervalBytes = values.Get(TopicKeys.IndexIntervalBytes),
            FlushMessages = values.Get(TopicKeys.FlushMessages),
            FlushMs = values.Get(TopicKeys.FlushMs),
            RetentionBytes = values.Get(TopicKeys.RetentionBytes),
            RetentionMs = values.Get(TopicKeys.RetentionMs),
            MaxMessageBytes = values.Get(TopicKeys.MaxMessageBytes),
            MaxDecompressedMessageBytes = values.Get(TopicKeys.MaxDecompressedMessageBytes),
            FileDeleteDelayMs = values.Get(TopicKeys.FileDeleteDelayMs),
            Delete = policy.Contains("delete"),
            Compact = policy.Contains("compact"),
            CompressionType = values.Get(TopicKeys.CompressionType)!,
            GzipLevel = values.Get(TopicKeys.CompressionGzipLevel),
            Lz4Level = values.Get(TopicKeys.CompressionLz4Level),
            ZstdLevel = values.Get(TopicKeys.CompressionZstdLevel),
            LogAppendTime = values.Get(TopicKeys.MessageTimestampType) == "LogAppendTime",
            TimestampBeforeMaxMs = values.Get(TopicKeys.MessageTimestampBeforeMaxMs),
            TimestampAfterMaxMs = values.Get(TopicKeys.MessageTimestampAfterMaxMs),
        };
    }
}
