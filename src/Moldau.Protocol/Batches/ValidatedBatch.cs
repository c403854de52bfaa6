using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>
/// A batch that may be appended once <see cref="ProduceValidator.AssignOffsets"/> has written its offsets into it. Its bytes are the payload's own, unless
/// the topic wants another codec; then they are in a buffer of the pool that <see cref="Dispose"/> gives back.
/// </summary>
public readonly struct ValidatedBatch : IDisposable
{
    private readonly PooledBuffer? reencoded;

    internal ValidatedBatch(Memory<byte> bytes, PooledBuffer? reencoded, in RecordTally tally, TimestampType timestampType)
    {
        Bytes = bytes;
        this.reencoded = reencoded;
        RecordBatchHeader header = new(bytes.Span);
        RecordCount = header.Count!.Value;
        Compression = header.Compression;
        ProducerId = header.ProducerId;
        ProducerEpoch = header.ProducerEpoch;
        BaseSequence = header.BaseSequence;
        LastSequence = header.LastSequence;
        IsTransactional = header.IsTransactional;
        IsControl = header.IsControl;
        TimestampType = timestampType;
        MaxTimestampMs = tally.MaxTimestampMs;
        IndexOfMaxTimestamp = tally.IndexOfMaxTimestamp;
    }

    /// <summary>The batch to be written.</summary>
    public Memory<byte> Bytes { get; }

    /// <summary>How many records, 1 or more. Their offsets count up from the base offset without gaps.</summary>
    public int RecordCount { get; }

    /// <summary>The codec of <see cref="Bytes"/>.</summary>
    public CompressionType Compression { get; }

    /// <summary>The producer; -1 without idempotence.</summary>
    public ProducerId ProducerId { get; }

    /// <summary>The producer's epoch; -1 without idempotence.</summary>
    public short ProducerEpoch { get; }

    /// <summary>The first record's sequence number; -1 without idempotence.</summary>
    public int BaseSequence { get; }

    /// <summary>The last record's sequence number.</summary>
    public int LastSequence { get; }

    /// <summary>Whether the records belong to a transaction.</summary>
    public bool IsTransactional { get; }

    /// <summary>Whether they are control records.</summary>
    public bool IsControl { get; }

    /// <summary>What the timestamps will mean in the log.</summary>
    public TimestampType TimestampType { get; }

    /// <summary>The largest create time in ms, -1 for none. Under log append time the moment of <see cref="ProduceValidator.AssignOffsets"/> takes its place.</summary>
    public long MaxTimestampMs { get; }

    /// <summary>Which record, from 0, is the first to have the largest create time; -1 when none has one.</summary>
    public int IndexOfMaxTimestamp { get; }

    /// <summary>Whether the bytes are not the payload's any more.</summary>
    public bool IsReencoded => reencoded is not null;

    /// <summary>Gives the buffer of a re-encoded batch back, after the append.</summary>
    public void Dispose() => reencoded?.Dispose();
}

/// <summary>What an append answers, and what the log notes of it.</summary>
/// <param name="BaseOffset">The first record's offset.</param>
/// <param name="LastOffset">The last record's offset.</param>
/// <param name="MaxTimestampMs">The largest timestamp in the batch, ms; -1 for none.</param>
/// <param name="OffsetOfMaxTimestamp">The first record that has it; -1 for none.</param>
/// <param name="LogAppendTimeMs">The append time where the topic has it, else -1.</param>
public readonly record struct AssignedBatch(Offset BaseOffset, Offset LastOffset, long MaxTimestampMs, Offset OffsetOfMaxTimestamp, long LogAppendTimeMs);
