using Moldau.Coordinators.Groups;
using Moldau.Metadata.Configuration;

namespace Moldau.Broker.Groups;

/// <summary>What the node's configuration says about groups.</summary>
internal sealed record GroupCoordinatorOptions
{
    /// <summary>Settings of the core.</summary>
    public GroupConfig Groups { get; init; } = new();

    /// <summary>offsets.topic.num.partitions: how many shards there are while the topic does not exist.</summary>
    public int Partitions { get; init; } = 50;

    /// <summary>offsets.commit.timeout.ms.</summary>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>offsets.load.buffer.size: bytes read at a time while loading.</summary>
    public int LoadBufferBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>Only ever planted by the simulation: loading leaves out a partition's last record.</summary>
    public bool LosesLastRecord { get; init; }

    public static GroupCoordinatorOptions From(ConfigValues values) => new()
    {
        Groups = new GroupConfig
        {
            MinSessionTimeoutMs = values.Get(GroupKeys.GroupMinSessionTimeoutMs),
            MaxSessionTimeoutMs = values.Get(GroupKeys.GroupMaxSessionTimeoutMs),
            InitialRebalanceDelayMs = values.Get(GroupKeys.GroupInitialRebalanceDelayMs),
            MaxSize = values.Get(GroupKeys.GroupMaxSize),
            OffsetMetadataMaxBytes = values.Get(OffsetKeys.OffsetMetadataMaxBytes),
            OffsetsRetentionMs = values.Get(OffsetKeys.OffsetsRetentionMinutes) * 60_000L,
            OffsetsRetentionCheckIntervalMs = values.Get(OffsetKeys.OffsetsRetentionCheckIntervalMs),
        },
        Partitions = values.Get(OffsetKeys.OffsetsTopicNumPartitions),
        CommitTimeout = TimeSpan.FromMilliseconds(values.Get(OffsetKeys.OffsetsCommitTimeoutMs)),
        LoadBufferBytes = values.Get(OffsetKeys.OffsetsLoadBufferSize),
    };
}
