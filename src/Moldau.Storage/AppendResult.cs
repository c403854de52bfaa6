using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Storage;

/// <summary>What came of an append. On success the records are in the page cache; <see cref="PartitionLog.FlushedOffset"/> tells when they are durable.</summary>
public readonly record struct AppendResult
{
    /// <summary>NONE, or why nothing was appended.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The first record's offset; that of the first append when the batch is a duplicate; -1 on failure.</summary>
    public Offset BaseOffset { get; init; }

    /// <summary>The last record's offset; -1 on failure.</summary>
    public Offset LastOffset { get; init; }

    /// <summary>The append time where <c>message.timestamp.type</c> is LogAppendTime, else -1.</summary>
    public long LogAppendTimeMs { get; init; }

    /// <summary>The log's first offset.</summary>
    public Offset LogStartOffset { get; init; }

    /// <summary>Whether the batch was in the log already.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>The records to blame for a refusal; empty when it is the batch.</summary>
    public IReadOnlyList<RecordError> RecordErrors { get; init; }

    /// <summary>The response's error message; null where Kafka sends none.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What is wrong, for the log; null on success.</summary>
    public string? Reason { get; init; }

    internal static AppendResult Fail(ErrorCode error, string reason, Offset logStart) => new()
    {
        Error = error,
        BaseOffset = Offset.None,
        LastOffset = Offset.None,
        LogAppendTimeMs = -1,
        LogStartOffset = logStart,
        RecordErrors = [],
        Reason = reason,
    };

    internal static AppendResult Fail(ProduceFailure failure, Offset logStart) => Fail(failure.Error, failure.Reason, logStart) with
    {
        RecordErrors = failure.RecordErrors,
        ErrorMessage = failure.ErrorMessage,
    };
}
