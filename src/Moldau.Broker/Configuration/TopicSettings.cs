using Moldau.Metadata;
using Moldau.Metadata.Configuration;
using Moldau.Metadata.Image;
using Moldau.Storage;

namespace Moldau.Broker.Configuration;

/// <summary>
/// What is in effect for a topic: its own configuration over the broker's dynamic one, over the cluster's dynamic default, over the node's file, over Kafka's defaults.
/// </summary>
internal sealed class TopicSettings(DynamicConfig config)
{
    private static readonly Dictionary<string, string> Nothing = [];

    // Most topics set nothing, and a node may open thousands of them at once.
    private volatile Defaults? defaults;

    /// <summary>The log's configuration and <c>min.insync.replicas</c>.</summary>
    public (LogConfig Log, int MinInSyncReplicas) Of(MetadataImage image, string topic)
    {
        ConfigLayers layers = config.LayersOf(image.Configs);
        IReadOnlyDictionary<string, string> own = image.Configs.Of(ConfigResource.Topic(topic));
        if (own.Count > 0) return Read(layers.Topic(own));
        Defaults? known = defaults;
        if (known?.Layers != layers) defaults = known = new Defaults(layers, Read(layers.Topic(Nothing)));
        return known.Settings;
    }

    private static (LogConfig Log, int MinInSyncReplicas) Read(ConfigValues values) => (ToLog(values), values.Get(TopicKeys.MinInsyncReplicas));

    private static LogConfig ToLog(ConfigValues values)
    {
        IReadOnlyList<string> policy = values.Get(TopicKeys.CleanupPolicy) ?? [];
        return new LogConfig
        {
            SegmentBytes = values.Get(TopicKeys.InternalSegmentBytes) ?? values.Get(TopicKeys.SegmentBytes),
            SegmentMs = values.Get(TopicKeys.SegmentMs),
            Preallocate = values.Get(TopicKeys.Preallocate),
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
            MinCleanableDirtyRatio = values.Get(TopicKeys.MinCleanableDirtyRatio),
            MinCompactionLagMs = values.Get(TopicKeys.MinCompactionLagMs),
            MaxCompactionLagMs = values.Get(TopicKeys.MaxCompactionLagMs),
            DeleteRetentionMs = values.Get(TopicKeys.DeleteRetentionMs),
            CompressionType = values.Get(TopicKeys.CompressionType)!,
            GzipLevel = values.Get(TopicKeys.CompressionGzipLevel),
            Lz4Level = values.Get(TopicKeys.CompressionLz4Level),
            ZstdLevel = values.Get(TopicKeys.CompressionZstdLevel),
            LogAppendTime = values.Get(TopicKeys.MessageTimestampType) == "LogAppendTime",
            TimestampBeforeMaxMs = values.Get(TopicKeys.MessageTimestampBeforeMaxMs),
            TimestampAfterMaxMs = values.Get(TopicKeys.MessageTimestampAfterMaxMs),
        };
    }

    private sealed record Defaults(ConfigLayers Layers, (LogConfig Log, int MinInSyncReplicas) Settings);
}
