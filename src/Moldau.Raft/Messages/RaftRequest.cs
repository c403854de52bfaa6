using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>A request between replicas of the metadata log, reduced to what the core decides on. Cluster id and topic are checked where it is decoded.</summary>
public abstract record RaftRequest;

/// <summary>Asks for a vote (KIP-595), or whether a vote would be given (pre-vote, KIP-996).</summary>
/// <param name="Voter">Whom it is meant for; null before v1.</param>
/// <param name="Candidate">Who asks.</param>
/// <param name="Epoch">The epoch to be elected in; of a pre-vote, the asker's current one.</param>
/// <param name="LogEnd">How up to date the asker's log is.</param>
/// <param name="PreVote">Nothing is promised by the answer.</param>
public sealed record RaftVoteRequest(ReplicaKey? Voter, ReplicaKey Candidate, int Epoch, OffsetAndEpoch LogEnd, bool PreVote) : RaftRequest;

/// <summary>A new leader makes itself known, so that voters need not wait for their timeouts to find it.</summary>
/// <param name="Voter">Whom it is meant for; null before v1.</param>
/// <param name="LeaderId">The leader.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="LeaderEndpoints">Where it listens; empty before v1: as the voter set says.</param>
public sealed record RaftBeginEpochRequest(ReplicaKey? Voter, int LeaderId, int Epoch, IReadOnlyList<VoterEndpoint> LeaderEndpoints) : RaftRequest;

/// <summary>A leader that stops says so, and who should stand for election first.</summary>
/// <param name="LeaderId">The leader.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="PreferredCandidates">The voters, best log first.</param>
/// <param name="LeaderEndpoints">Where the leader listens.</param>
public sealed record RaftEndEpochRequest(
    int LeaderId, int Epoch, IReadOnlyList<ReplicaKey> PreferredCandidates, IReadOnlyList<VoterEndpoint> LeaderEndpoints) : RaftRequest;

/// <summary>Asks the leader for the records after the asker's log end; also the acknowledgement of everything below it.</summary>
/// <param name="Replica">Who asks; a negative id is nobody's.</param>
/// <param name="Epoch">The epoch it believes in.</param>
/// <param name="FetchOffset">Its log end.</param>
/// <param name="LastFetchedEpoch">The epoch of its last record.</param>
/// <param name="MaxWaitMs">How long the answer may wait for records.</param>
/// <param name="HighWatermark">The high watermark it knows: an answer need not wait when the leader's is above (v18; <see cref="long.MaxValue"/> before).</param>
public sealed record RaftFetchRequest(
    ReplicaKey Replica, int Epoch, long FetchOffset, int LastFetchedEpoch, int MaxWaitMs, long HighWatermark) : RaftRequest;

/// <summary>Asks the leader for a piece of a snapshot (KIP-630).</summary>
/// <param name="Replica">Who asks.</param>
/// <param name="Epoch">The epoch it believes in.</param>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Position">First byte.</param>
/// <param name="MaxBytes">Most bytes to send.</param>
public sealed record RaftFetchSnapshotRequest(ReplicaKey Replica, int Epoch, OffsetAndEpoch SnapshotId, long Position, int MaxBytes) : RaftRequest;
