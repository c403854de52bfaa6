using System.Collections.Immutable;
using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>An answer between replicas. Each tells the answering replica's epoch and leader, so that whoever lags learns it from any answer.</summary>
/// <param name="Error">The outcome.</param>
/// <param name="LeaderId">The leader the answering replica knows; -1 none.</param>
/// <param name="Epoch">Its epoch.</param>
public abstract record RaftResponse(ErrorCode Error, int LeaderId, int Epoch)
{
    /// <summary>Where that leader listens; empty: not said, or as the voter set says.</summary>
    public IReadOnlyList<VoterEndpoint> LeaderEndpoints { get; init; } = [];
}

/// <summary>Answers <see cref="RaftVoteRequest"/>.</summary>
/// <param name="Granted">Whether the vote is given.</param>
public sealed record RaftVoteResponse(ErrorCode Error, int LeaderId, int Epoch, bool Granted) : RaftResponse(Error, LeaderId, Epoch);

/// <summary>Answers <see cref="RaftBeginEpochRequest"/>.</summary>
public sealed record RaftBeginEpochResponse(ErrorCode Error, int LeaderId, int Epoch) : RaftResponse(Error, LeaderId, Epoch);

/// <summary>Answers <see cref="RaftEndEpochRequest"/>.</summary>
public sealed record RaftEndEpochResponse(ErrorCode Error, int LeaderId, int Epoch) : RaftResponse(Error, LeaderId, Epoch);

/// <summary>Answers <see cref="RaftFetchRequest"/>: records, or where the logs part, or which snapshot is needed first.</summary>
/// <param name="HighWatermark">The leader's high watermark; -1 while it has none in its epoch.</param>
/// <param name="LogStartOffset">The leader's log start.</param>
/// <param name="Check">Set where the asker's log is no prefix of the leader's.</param>
/// <param name="Records">The records; the leader's core leaves them null and says where they stand (<see cref="AnswerFetch"/>).</param>
public sealed record RaftFetchResponse(
    ErrorCode Error, int LeaderId, int Epoch, long HighWatermark, long LogStartOffset, FetchCheck Check, FetchedRecords? Records)
    : RaftResponse(Error, LeaderId, Epoch);

/// <summary>Answers <see cref="RaftFetchSnapshotRequest"/>.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Size">Bytes of the whole.</param>
/// <param name="Position">First byte of the piece.</param>
/// <param name="Bytes">The piece; the leader's core leaves it empty and says what to read (<see cref="AnswerFetchSnapshot"/>).</param>
public sealed record RaftFetchSnapshotResponse(
    ErrorCode Error, int LeaderId, int Epoch, OffsetAndEpoch SnapshotId, long Size, long Position, ReadOnlyMemory<byte> Bytes)
    : RaftResponse(Error, LeaderId, Epoch);

/// <summary>Batches from the leader's log. The core reads the outline; the bytes pass through it.</summary>
/// <param name="Bytes">Whole batches, as they stand in the leader's log.</param>
/// <param name="Batches">Their outline, in order.</param>
public sealed record FetchedRecords(ReadOnlyMemory<byte> Bytes, ImmutableArray<BatchOutline> Batches);

/// <summary>What the core needs to know of a batch.</summary>
/// <param name="BaseOffset">First offset.</param>
/// <param name="LastOffset">Last offset.</param>
/// <param name="Epoch">The leader's epoch when it was appended.</param>
/// <param name="Bytes">Bytes of the batch.</param>
/// <param name="KRaftVersion">Set when it holds a kraft.version record.</param>
/// <param name="Voters">Set when it holds a voter set record.</param>
public readonly record struct BatchOutline(
    long BaseOffset, long LastOffset, int Epoch, int Bytes, short? KRaftVersion = null, VoterSet? Voters = null);
