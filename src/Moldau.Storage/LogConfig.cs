using Moldau.Protocol;

namespace Moldau.Storage;

/// <summary>
/// The topic-level configuration of one log, under Kafka's keys and with Kafka's defaults. Immutable: a change swaps the whole record
/// (<see cref="PartitionLog.Config"/>).
/// </summary>
public sealed record LogConfig
{
    /// <summary>Kafka's defaults for a topic that sets nothing.</summary>
    public static LogConfig Default { get; } = new();

    /// <summary>What <c>__cluster_metadata-0</c> uses: never cleaned by time or size, since snapshots decide what may go.</summary>
    public static LogConfig Metadata { get; } = new() { RetentionMs = -1, RetentionBytes = -1, SegmentMs = long.MaxValue, MaxMessageBytes = int.MaxValue };

    /// <summary><c>segment.bytes</c>, or <c>internal.segment.bytes</c> where that is set: a segment is rolled before it would exceed this.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary><c>segment.ms</c>: span of record timestamps (or, without them, of time) after which a segment is rolled.</summary>
    public long SegmentMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>preallocate</c>: whether a new segment's file gets its full size at once. What is not used of it is cut off as the segment is closed.</summary>
    public bool Preallocate { get; init; }

    /// <summary><c>segment.jitter.ms</c>: most by which a segment's roll time is brought forward, at random.</summary>
    public long SegmentJitterMs { get; init; }

    /// <summary><c>segment.index.bytes</c>: a segment is rolled when its index would exceed this.</summary>
    public int SegmentIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>index.interval.bytes</c>: bytes of log between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>flush.messages</c>: records appended before a flush is asked for.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: time a record may stay unflushed.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary><c>retention.bytes</c>: size kept; -1 for all.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>retention.ms</c>: age kept; -1 for ever.</summary>
    public long RetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>max.message.bytes</c>: largest batch accepted.</summary>
    public int MaxMessageBytes { get; init; } = 1024 * 1024 + 12;

    /// <summary><c>max.decompressed.message.bytes</c>: largest batch after decompression.</summary>
    public int MaxDecompressedMessageBytes { get; init; } = int.MaxValue - 8;

    /// <summary><c>file.delete.delay.ms</c>: time a removed file stays under its <c>.deleted</c> name, for reads that still hold it.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary>Whether <c>cleanup.policy</c> holds <c>delete</c>.</summary>
    public bool Delete { get; init; } = true;

    /// <summary>Whether <c>cleanup.policy</c> holds <c>compact</c>: records need keys.</summary>
    public bool Compact { get; init; }

    /// <summary><c>min.cleanable.dirty.ratio</c>: share of a compacted log that must be dirty before it is cleaned, 0 to 1.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary><c>min.compaction.lag.ms</c>: age below which nothing is cleaned, by the largest timestamp of a segment.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary><c>max.compaction.lag.ms</c>: age beyond which it is cleaned whatever its ratio.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary><c>delete.retention.ms</c>: time that tombstones and markers stay after the first cleaning that met them.</summary>
    public long DeleteRetentionMs { get; init; } = 24L * 60 * 60 * 1000;

    /// <summary><c>compression.type</c>: <c>producer</c>, <c>uncompressed</c>, or a codec's name.</summary>
    public string CompressionType { get; init; } = "producer";

    /// <summary><c>compression.gzip.level</c>; -1 is the codec's own default.</summary>
    public int GzipLevel { get; init; } = -1;

    /// <summary><c>compression.lz4.level</c>.</summary>
    public int Lz4Level { get; init; } = 9;

    /// <summary><c>compression.zstd.level</c>.</summary>
    public int ZstdLevel { get; init; } = 3;

    /// <summary>Whether <c>message.timestamp.type</c> is <c>LogAppendTime</c>: the broker's clock replaces the client's timestamps.</summary>
    public bool LogAppendTime { get; init; }

    /// <summary><c>message.timestamp.before.max.ms</c>.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>.</summary>
    public long TimestampAfterMaxMs { get; init; } = 60L * 60 * 1000;
}
