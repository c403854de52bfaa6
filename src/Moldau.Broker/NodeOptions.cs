using System.Collections.Immutable;
using Moldau.Broker.Network;
using Moldau.Metadata.Configuration;
using Moldau.Storage;

namespace Moldau.Broker;

/// <summary>
/// What a node is told at its start: a typed view over configuration values, under Kafka's keys and with Kafka's defaults. Immutable.
/// </summary>
/// <param name="Values">The values given; everything else has its default.</param>
public sealed record NodeOptions(ConfigValues Values)
{
    /// <summary>Reads options from values in text form, as they stand in a properties file.</summary>
    /// <exception cref="ConfigException">A key does not take its value.</exception>
    public static NodeOptions Parse(IEnumerable<KeyValuePair<string, string>> given) => new(ConfigValues.Parse(ConfigCatalog.Broker, given));

    /// <summary><c>node.id</c>.</summary>
    public int NodeId => Values.Get(NodeKeys.NodeId);

    /// <summary>Whether directories that are not formatted are formatted on start, as the start without any configuration does.</summary>
    public bool FormatsOnStart { get; init; } = true;

    /// <summary><c>process.roles</c>; empty means both.</summary>
    public IReadOnlyList<string> Roles => Values.Get(NodeKeys.ProcessRoles) ?? [];

    /// <summary><c>broker.rack</c>.</summary>
    public string? Rack => Values.Get(NodeKeys.BrokerRack);

    /// <summary><c>log.dirs</c>, else <c>log.dir</c>.</summary>
    public IReadOnlyList<string> LogDirs => Values.Get(LogKeys.LogDirs) ?? Values.Get(LogKeys.LogDir) ?? [];

    /// <summary>Whether <c>cordoned.log.dirs</c> names a directory, or all by <c>*</c>.</summary>
    public bool IsCordoned(string directory) => (Values.Get(LogKeys.CordonedLogDirs) ?? []).Any(
        named => named == "*" || Path.GetFullPath(named) == Path.GetFullPath(directory));

    /// <summary><c>metadata.log.dir</c>, else the first of <see cref="LogDirs"/>.</summary>
    public string MetadataLogDir => Values.Get(QuorumKeys.MetadataLogDir) ?? LogDirs[0];

    /// <summary><c>moldau.durability</c>.</summary>
    public FlushPolicy Durability => Values.Get(MoldauKeys.Durability) == "pagecache" ? FlushPolicy.PageCache : FlushPolicy.Fsync;

    /// <summary><c>num.partitions</c>.</summary>
    public int NumPartitions => Values.Get(TopicDefaultKeys.NumPartitions);

    /// <summary><c>default.replication.factor</c>.</summary>
    public int DefaultReplicationFactor => Values.Get(TopicDefaultKeys.DefaultReplicationFactor);

    /// <summary><c>auto.create.topics.enable</c>.</summary>
    public bool AutoCreateTopics => Values.Get(TopicDefaultKeys.AutoCreateTopicsEnable);

    /// <summary><c>delete.topic.enable</c>.</summary>
    public bool DeleteTopicEnable => Values.Get(TopicDefaultKeys.DeleteTopicEnable);

    /// <summary><c>max.request.partition.size.limit</c>.</summary>
    public int MaxRequestPartitionSizeLimit => Values.Get(TopicDefaultKeys.MaxRequestPartitionSizeLimit);

    /// <summary><c>request.timeout.ms</c>.</summary>
    public int RequestTimeoutMs => Values.Get(ListenerKeys.RequestTimeoutMs);

    /// <summary><c>offsets.topic.num.partitions</c>.</summary>
    public int OffsetsTopicPartitions => Values.Get(OffsetKeys.OffsetsTopicNumPartitions);

    /// <summary><c>offsets.topic.replication.factor</c>.</summary>
    public short OffsetsTopicReplicationFactor => Values.Get(OffsetKeys.OffsetsTopicReplicationFactor);

    /// <summary><c>offsets.topic.segment.bytes</c>.</summary>
    public int OffsetsTopicSegmentBytes => Values.Get(OffsetKeys.OffsetsTopicSegmentBytes);

    /// <summary><c>fetch.max.bytes</c>.</summary>
    public int FetchMaxBytes => Values.Get(ReplicationKeys.FetchMaxBytes);

    /// <summary><c>max.incremental.fetch.session.cache.slots</c>.</summary>
    public int FetchSessionCacheSlots => Values.Get(ReplicationKeys.MaxIncrementalFetchSessionCacheSlots);

    /// <summary><c>broker.heartbeat.interval.ms</c>.</summary>
    public int BrokerHeartbeatIntervalMs => Values.Get(NodeKeys.BrokerHeartbeatIntervalMs);

    /// <summary><c>broker.session.timeout.ms</c>.</summary>
    public int BrokerSessionTimeoutMs => Values.Get(NodeKeys.BrokerSessionTimeoutMs);

    /// <summary><c>initial.broker.registration.timeout.ms</c>.</summary>
    public int InitialBrokerRegistrationTimeoutMs => Values.Get(NodeKeys.InitialBrokerRegistrationTimeoutMs);

    /// <summary><c>controlled.shutdown.enable</c>.</summary>
    public bool ControlledShutdownEnable => Values.Get(NodeKeys.ControlledShutdownEnable);

    /// <summary><c>metadata.max.idle.interval.ms</c>.</summary>
    public int MetadataMaxIdleIntervalMs => Values.Get(QuorumKeys.MetadataMaxIdleIntervalMs);

    /// <summary><c>listeners</c> and what they mean, with <c>advertised.listeners</c>.</summary>
    public ImmutableArray<ListenerOptions> Listeners => ListenerOptions.From(Values);

    /// <summary>Everything given, keys of listeners and plugins included.</summary>
    internal IReadOnlyDictionary<string, string> FileValues() => new Dictionary<string, string>(Values.Given.Concat(Values.Others), StringComparer.Ordinal);

    internal NetworkOptions Network => new()
    {
        SocketRequestMaxBytes = Values.Get(ListenerKeys.SocketRequestMaxBytes),
        MaxConnections = Values.Get(ListenerKeys.MaxConnections),
        MaxConnectionsPerIp = Values.Get(ListenerKeys.MaxConnectionsPerIp),
        MaxConnectionsPerIpOverrides = ConnectionOverrides.TryParse(Values.Get(ListenerKeys.MaxConnectionsPerIpOverrides) ?? "", out var overrides)
            ? overrides
            : throw new ConfigException("max.connections.per.ip.overrides", Values.Get(ListenerKeys.MaxConnectionsPerIpOverrides), "address:count pairs are needed"),
        ConnectionsMaxIdle = Values.Get(ListenerKeys.ConnectionsMaxIdleMs) is var idle and >= 0 ? TimeSpan.FromMilliseconds(Math.Min(idle, int.MaxValue)) : Timeout.InfiniteTimeSpan,
    };

    internal PlantedNodeBugs Planted { get; init; } = new();

    internal LogStoreOptions Store => Planted.InStore(new()
    {
        Directories = LogDirs,
        FlushPolicy = Durability,
        RetentionCheckIntervalMs = Values.Get(RetentionKeys.LogRetentionCheckIntervalMs),
        RecoveryCheckpointIntervalMs = Values.Get(LogKeys.LogFlushOffsetCheckpointIntervalMs),
        LogStartCheckpointIntervalMs = Values.Get(LogKeys.LogFlushStartOffsetCheckpointIntervalMs),
        HighWatermarkCheckpointIntervalMs = Values.Get(ReplicationKeys.ReplicaHighWatermarkCheckpointIntervalMs),
        ProducerExpirationMs = Values.Get(LogKeys.ProducerIdExpirationMs),
        ProducerExpirationCheckIntervalMs = Values.Get(LogKeys.ProducerIdExpirationCheckIntervalMs),
        Cleaner = new CleanerOptions
        {
            Enabled = Values.Get(RetentionKeys.LogCleanerEnable),
            Threads = Values.Get(RetentionKeys.LogCleanerThreads),
            BackoffMs = Values.Get(RetentionKeys.LogCleanerBackoffMs),
            DedupeBufferBytes = Values.Get(RetentionKeys.LogCleanerDedupeBufferSize),
            DedupeBufferLoadFactor = Values.Get(RetentionKeys.LogCleanerIoBufferLoadFactor),
            IoBufferBytes = Values.Get(RetentionKeys.LogCleanerIoBufferSize),
            IoBytesPerSecondMax = Values.Get(RetentionKeys.LogCleanerIoMaxBytesPerSecond),
        },
    });
}
