namespace Moldau.Coordinators.Groups;

/// <summary>Settings of the group coordinator, with Kafka's defaults.</summary>
public sealed record GroupConfig
{
    /// <summary>group.min.session.timeout.ms: the shortest session timeout a member may ask for.</summary>
    public int MinSessionTimeoutMs { get; init; } = 6_000;

    /// <summary>group.max.session.timeout.ms: the longest session timeout a member may ask for.</summary>
    public int MaxSessionTimeoutMs { get; init; } = 1_800_000;

    /// <summary>group.initial.rebalance.delay.ms: how long an empty group waits for more members before its first rebalance.</summary>
    public int InitialRebalanceDelayMs { get; init; } = 3_000;

    /// <summary>group.max.size: members of one group.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>
    /// How long a new member's JoinGroup may be parked. It has no id to heartbeat with yet, and a client that disconnects meanwhile is
    /// not noticed; without this bound its retries would fill the group. Fixed in Kafka.
    /// </summary>
    public int NewMemberJoinTimeoutMs { get; init; } = 300_000;

    /// <summary>offset.metadata.max.bytes: longest metadata of a committed offset, in UTF-16 units as Kafka counts it.</summary>
    public int OffsetMetadataMaxBytes { get; init; } = 4_096;

    /// <summary>offsets.retention.minutes, in milliseconds.</summary>
    public long OffsetsRetentionMs { get; init; } = 10_080L * 60_000;

    /// <summary>offsets.retention.check.interval.ms: how often expired offsets are looked for.</summary>
    public long OffsetsRetentionCheckIntervalMs { get; init; } = 600_000;
}
