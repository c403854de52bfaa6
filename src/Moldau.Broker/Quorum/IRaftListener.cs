using Moldau.Metadata;
using Moldau.Broker.Quorum.Snapshots;

namespace Moldau.Broker.Quorum;

/// <summary>
/// A state machine over the metadata log. Each listener is fed from the log at its own pace, one call at a time, in order; the next
/// call waits for the last one's task. It may append to the log from inside a call.
/// </summary>
public interface IRaftListener
{
    /// <summary>A committed batch. Batches come in offset order without gaps, raft's own control batches as empty ones.</summary>
    ValueTask HandleCommitAsync(CommittedBatch batch);

    /// <summary>The state as of a snapshot replaces everything: at the start, or when the listener fell behind the log. The reader is closed after the call.</summary>
    ValueTask HandleSnapshotAsync(SnapshotReader snapshot);

    /// <summary>
    /// The leader or the epoch changed; -1: none is known. This node's own leadership is told only once the listener has seen everything
    /// below it, so that the new controller begins with all that is committed.
    /// </summary>
    ValueTask HandleLeaderChangeAsync(int leaderId, int epoch);
}

/// <summary>A batch that is committed.</summary>
/// <param name="BaseOffset">First offset.</param>
/// <param name="LastOffset">Last offset.</param>
/// <param name="Epoch">The leader epoch it was appended in.</param>
/// <param name="AppendTimestampMs">When its leader appended it.</param>
/// <param name="SizeInBytes">Bytes in the log.</param>
/// <param name="Records">Its metadata records; empty for a control batch.</param>
public sealed record CommittedBatch(
    long BaseOffset, long LastOffset, int Epoch, long AppendTimestampMs, int SizeInBytes, IReadOnlyList<MetadataRecord> Records);
