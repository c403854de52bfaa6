using System.Collections.Immutable;

namespace Moldau.Raft;

/// <summary>
/// Something the shell does for the core. Effects come in order and are carried out in order: what stands after a
/// <see cref="PersistElection"/> must not happen before that is durable.
/// </summary>
public abstract record RaftEffect;

/// <summary>Write and flush the election state (<c>quorum-state</c>) before anything that follows.</summary>
/// <param name="State">What to remember.</param>
/// <param name="KRaftVersion">The kraft.version in force: 0 is written as version 0 of the file, which names the voters.</param>
/// <param name="Voters">The voters, for version 0 of the file.</param>
public sealed record PersistElection(ElectionState State, short KRaftVersion, VoterSet Voters) : RaftEffect;

/// <summary>Append control records as one batch (leader).</summary>
public sealed record AppendControlBatch(long BaseOffset, int Epoch, long TimestampMs, ImmutableArray<ControlRecord> Records) : RaftEffect;

/// <summary>Append batches from the leader as they are (follower).</summary>
public sealed record AppendFetched(FetchedRecords Records) : RaftEffect;

/// <summary>Make the log durable to its end and report it with <see cref="RaftCore.Flushed"/>, together with the generation.</summary>
public sealed record FlushLog(int Generation) : RaftEffect;

/// <summary>Cut the log at an offset.</summary>
public sealed record TruncateLog(long EndOffset) : RaftEffect;

/// <summary>Open a file for a snapshot that the leader sends; whatever was there under this id begins anew.</summary>
public sealed record BeginSnapshotFetch(OffsetAndEpoch Id) : RaftEffect;

/// <summary>Write a piece of it.</summary>
public sealed record AppendSnapshotPiece(OffsetAndEpoch Id, long Position, ReadOnlyMemory<byte> Bytes) : RaftEffect;

/// <summary>The snapshot is whole: make it durable, empty the log to its end, and report it with <see cref="RaftCore.SnapshotInstalled"/>.</summary>
public sealed record InstallSnapshot(OffsetAndEpoch Id) : RaftEffect;

/// <summary>Send a request to a voter; the answer comes back through <see cref="RaftCore.Answered"/> or <see cref="RaftCore.Unanswered"/>.</summary>
/// <param name="To">The voter.</param>
/// <param name="CorrelationId">Ties the answer to it.</param>
/// <param name="Request">What to send.</param>
public sealed record SendRequest(VoterNode To, int CorrelationId, RaftRequest Request) : RaftEffect;

/// <summary>Answer a request that came in.</summary>
/// <param name="Token">What the shell gave with the request.</param>
/// <param name="Response">The answer.</param>
public sealed record SendResponse(long Token, RaftResponse Response) : RaftEffect;

/// <summary>Answer a fetch with the records of the log from an offset on (at least one batch, if there is one).</summary>
public sealed record AnswerFetch(long Token, RaftFetchResponse Response, long FromOffset) : RaftEffect;

/// <summary>Answer with a piece of a snapshot file; a position outside it is POSITION_OUT_OF_RANGE.</summary>
public sealed record AnswerFetchSnapshot(long Token, RaftFetchSnapshotResponse Response, int MaxBytes) : RaftEffect;

/// <summary>Everything below the offset is committed.</summary>
public sealed record HighWatermarkMoved(long HighWatermark) : RaftEffect;

/// <summary>The leader or the epoch changed.</summary>
/// <param name="LeaderId">The leader; -1 none is known.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="EpochStartOffset">On the new leader itself: where its epoch begins; a state machine takes over once it has replayed everything below. Else -1.</param>
public sealed record LeaderChanged(int LeaderId, int Epoch, long EpochStartOffset) : RaftEffect;

/// <summary>The role changed.</summary>
public sealed record RoleChanged(RaftRole Role, int Epoch) : RaftEffect;
