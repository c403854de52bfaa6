using Moldau.Protocol;

namespace Moldau.Broker.Groups;

/// <summary>A partition of an internal topic as the coordinator that leads it sees it. Written by its shard alone.</summary>
internal interface ICoordinatorLog
{
    /// <summary>Bytes of the largest batch that the topic takes.</summary>
    int BatchBytesMax { get; }

    /// <summary>The offset that the next record gets.</summary>
    long EndOffset { get; }

    /// <summary>Below it records are committed.</summary>
    long CommittedOffset { get; }

    /// <summary>
    /// Appends one batch as leader; it does not wait for the commit. Errors: NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, MESSAGE_TOO_LARGE,
    /// KAFKA_STORAGE_ERROR. Nothing is appended then.
    /// </summary>
    CoordinatorAppend Append(Memory<byte> batch);

    /// <summary>
    /// Waits until everything below an offset is committed: NONE, REQUEST_TIMED_OUT, NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR.
    /// </summary>
    ValueTask<ErrorCode> WaitForCommitAsync(long offset, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Reads batches from an offset on, at least one of them if there is any; the last may be cut off. Blocks on the disk.</summary>
    CoordinatorRead Read(long from, int bytesMax);
}

/// <summary>What came of an append.</summary>
/// <param name="Error">NONE, or why nothing was appended.</param>
/// <param name="BaseOffset">The first record's offset.</param>
internal readonly record struct CoordinatorAppend(ErrorCode Error, long BaseOffset);

/// <summary>What a read gave.</summary>
/// <param name="Error">NONE, KAFKA_STORAGE_ERROR, or OFFSET_OUT_OF_RANGE.</param>
/// <param name="Batches">Batches one after the other.</param>
/// <param name="StartOffset">The log's first offset.</param>
internal readonly record struct CoordinatorRead(ErrorCode Error, ReadOnlyMemory<byte> Batches, long StartOffset);
