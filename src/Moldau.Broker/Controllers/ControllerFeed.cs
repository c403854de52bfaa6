using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;

namespace Moldau.Broker.Controllers;

/// <summary>Tells the controller's loop what the quorum commits, and writes to the metadata log what the controller decides.</summary>
internal sealed class ControllerFeed(RaftNode raft) : IRaftListener, IMetadataLog
{
    /// <summary>The controller; set before the feed is registered.</summary>
    public ControllerLoop Loop { get; set; } = null!;

    public ValueTask HandleCommitAsync(CommittedBatch batch)
    {
        Loop.Committed(batch.Records, batch.BaseOffset, batch.LastOffset);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleSnapshotAsync(SnapshotReader snapshot)
    {
        Loop.SnapshotLoaded([.. snapshot.Records()], snapshot.Id.Offset - 1);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleLeaderChangeAsync(int leaderId, int epoch)
    {
        Loop.LeaderChanged(leaderId, epoch, raft.LogEndOffset, raft.Status.KRaftVersion);
        return ValueTask.CompletedTask;
    }

    public long? TryAppend(int epoch, IReadOnlyList<MetadataRecord> records, bool isAtomic)
    {
        try
        {
            return isAtomic ? raft.Append(epoch, records) : raft.AppendInParts(epoch, records);
        }
        catch (NotLeaderException)
        {
            return null;
        }
    }
}
