using Microsoft.Extensions.Logging;
using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Raft;

namespace Moldau.Broker.Publishing;

/// <summary>Writes snapshots of the metadata log when they are due: by bytes or by time since the last one (KIP-630). Called by the publisher; one snapshot at a time.</summary>
internal sealed class SnapshotTaker(RaftNode raft, SnapshotPolicy policy, IScheduler scheduler, ILogger logger, PlantedNodeBugs planted)
{
    private int isTaking;

    /// <summary>A batch is in the image.</summary>
    public void Committed(CommittedBatch batch) => policy.Committed(batch, NowMs);

    /// <summary>The image came from a snapshot.</summary>
    public void Loaded() => policy.Taken();

    /// <summary>An image is published: a snapshot of it is begun if one is due.</summary>
    public void Published(MetadataImage image)
    {
        if (policy.Due(NowMs) == SnapshotReason.None || Interlocked.Exchange(ref isTaking, 1) != 0) return;
        policy.Taken();
        _ = scheduler.Start("metadata snapshot", () => TakeAsync(image));
    }

    private long NowMs => scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    // What cannot be written now is written when the next one is due: the log still holds everything.
    private async Task TakeAsync(MetadataImage image)
    {
        try
        {
            var id = new OffsetAndEpoch(image.Provenance.LastContainedOffset + 1, image.Provenance.LastContainedEpoch);
            IEnumerable<MetadataRecord> records = ImageWriter.Write(image);
            if (planted.SnapshotsWithoutConfigs) records = records.Where(static record => record.Message is not ConfigRecord);
            await raft.CreateSnapshotAsync(id, image.Provenance.LastContainedLogTimeMs, records);
        }
        catch (Exception e) when (e is SnapshotRefusedException or IOException)
        {
            logger.SnapshotFailed(e);
        }
        finally
        {
            Volatile.Write(ref isTaking, 0);
        }
    }
}
