using Moldau.Client.Admin;
using Moldau.Client.Groups;

namespace Moldau.Client.Consuming;

/// <summary>Where a consumer begins in a partition for which there is no offset, or one that is gone (<c>auto.offset.reset</c>).</summary>
public enum OffsetReset
{
    /// <summary>At the end.</summary>
    Latest,

    /// <summary>At the beginning.</summary>
    Earliest,

    /// <summary>Nowhere: polling throws <see cref="OffsetOutOfRangeException"/>.</summary>
    None,
}

/// <summary>How a consumer works. Names and defaults follow Kafka's consumer configuration.</summary>
public sealed record ConsumerOptions
{
    /// <summary><c>group.id</c>; null: no group, partitions are assigned by hand and offsets are not committed.</summary>
    public string? GroupId { get; init; }

    /// <summary><c>group.instance.id</c>: a name that outlives the process, so that a restart within the session timeout moves no partitions (KIP-345).</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary><c>auto.offset.reset</c>. Default latest.</summary>
    public OffsetReset OffsetReset { get; init; } = OffsetReset.Latest;

    /// <summary><c>enable.auto.commit</c>: commits what earlier polls have given. Default true.</summary>
    public bool AutoCommit { get; init; } = true;

    /// <summary><c>auto.commit.interval.ms</c>. Default 5 s.</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>isolation.level</c>. Default read_uncommitted.</summary>
    public IsolationLevel IsolationLevel { get; init; } = IsolationLevel.ReadUncommitted;

    /// <summary><c>max.poll.records</c>. Default 500.</summary>
    public int PollRecordsMax { get; init; } = 500;

    /// <summary><c>fetch.min.bytes</c>: the broker waits for so many. Default 1.</summary>
    public int FetchBytesMin { get; init; } = 1;

    /// <summary><c>fetch.max.bytes</c>. Default 50 MiB.</summary>
    public int FetchBytesMax { get; init; } = 50 * 1024 * 1024;

    /// <summary><c>max.partition.fetch.bytes</c>. Default 1 MiB.</summary>
    public int PartitionBytesMax { get; init; } = 1024 * 1024;

    /// <summary><c>fetch.max.wait.ms</c>: how long the broker waits. Default 500 ms.</summary>
    public TimeSpan FetchWaitMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary><c>check.crcs</c>. Default true.</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary><c>client.rack</c>.</summary>
    public string? Rack { get; init; }

    /// <summary><c>allow.auto.create.topics</c>. Default true.</summary>
    public bool AllowTopicCreation { get; init; } = true;

    /// <summary><c>session.timeout.ms</c>: without a heartbeat for so long the coordinator gives the partitions to others. Default 45 s.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary><c>heartbeat.interval.ms</c>. Default 3 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>max.poll.interval.ms</c>: a consumer that does not poll for so long leaves the group. Default 5 minutes.</summary>
    public TimeSpan PollIntervalMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>partition.assignment.strategy</c>, in order of preference. Default range, then cooperative-sticky.</summary>
    public IReadOnlyList<IPartitionAssignor> Assignors { get; init; } = [new RangeAssignor(), new CooperativeStickyAssignor()];
}
