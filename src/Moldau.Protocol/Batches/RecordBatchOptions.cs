using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>What a batch says of itself beside its records. The defaults are a plain batch of a producer: uncompressed, create time, not idempotent.</summary>
public readonly record struct RecordBatchOptions()
{
    /// <summary>The codec.</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>The codec's level; null for its default. See <see cref="CompressionLevels"/>.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>The first record's offset; the leader overwrites what a producer sends.</summary>
    public Offset BaseOffset { get; init; } = Offset.Zero;

    /// <summary>The leader epoch; the leader overwrites what a producer sends.</summary>
    public LeaderEpoch LeaderEpoch { get; init; } = LeaderEpoch.None;

    /// <summary>The producer; -1 without idempotence.</summary>
    public ProducerId ProducerId { get; init; } = ProducerId.None;

    /// <summary>The producer's epoch; -1 without idempotence.</summary>
    public short ProducerEpoch { get; init; } = -1;

    /// <summary>The first record's sequence number; -1 without idempotence.</summary>
    public int BaseSequence { get; init; } = -1;

    /// <summary>Whether the records belong to a transaction.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>Whether the records are control records.</summary>
    public bool IsControl { get; init; }

    /// <summary>The append time in ms, which then holds for all records; null: create time.</summary>
    public long? AppendTimeMs { get; init; }

    /// <summary>The time in ms from which tombstones of the batch may be dropped; null: none. Written by the log cleaner.</summary>
    public long? DeleteHorizonMs { get; init; }

    /// <summary>The last offset from the base offset; null: the last record's. The log cleaner keeps it when it drops the records at the end.</summary>
    public int? LastOffsetDelta { get; init; }

    /// <summary>The options of a batch that exists, to write it again with fewer records or another codec.</summary>
    public static RecordBatchOptions Of(RecordBatchHeader header) => new()
    {
        Compression = header.Compression,
        BaseOffset = header.BaseOffset,
        LeaderEpoch = header.LeaderEpoch,
        ProducerId = header.ProducerId,
        ProducerEpoch = header.ProducerEpoch,
        BaseSequence = header.BaseSequence,
        IsTransactional = header.IsTransactional,
        IsControl = header.IsControl,
        AppendTimeMs = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : null,
        DeleteHorizonMs = header.DeleteHorizonMs,
        LastOffsetDelta = header.LastOffsetDelta,
    };
}
