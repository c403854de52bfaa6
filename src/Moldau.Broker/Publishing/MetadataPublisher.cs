using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Publishing;

/// <summary>
/// Takes committed records into the image and makes this node act on what changed: partitions, configurations, coordinators; then it shows the image to requests. What is
/// committed while it works is taken in together the next time.
/// </summary>
internal sealed class MetadataPublisher(
    RaftNode raft, MetadataCache cache, PartitionChanges partitions, SnapshotTaker snapshots, IReadOnlyList<IMetadataObserver> observers, IScheduler scheduler)
    : IRaftListener
{
    private MetadataDelta delta = new(MetadataImage.Empty);
    private MetadataProvenance last = MetadataProvenance.Empty;
    private int batchesTaken;

    public async ValueTask HandleCommitAsync(CommittedBatch batch)
    {
        foreach (MetadataRecord record in batch.Records) delta.Replay(record.Message);
        last = new MetadataProvenance(batch.LastOffset, batch.Epoch, batch.AppendTimestampMs);
        snapshots.Committed(batch);
        batchesTaken++;
        bool isBehind = batch.LastOffset + 1 < raft.Status.HighWatermark && batchesTaken < Limits.BatchesPerPublication;
        if (!delta.InTransaction && !isBehind) await PublishAsync();
    }

    public async ValueTask HandleSnapshotAsync(SnapshotReader snapshot)
    {
        delta = MetadataDelta.ForSnapshot(cache.Image);
        foreach (MetadataRecord record in snapshot.Records()) delta.Replay(record.Message);
        delta.FinishSnapshot();
        last = new MetadataProvenance(snapshot.Id.Offset - 1, snapshot.Id.Epoch, snapshot.LastContainedLogTimestampMs);
        snapshots.Loaded();
        if (snapshot.Id.Offset >= raft.Status.HighWatermark) await PublishAsync();
    }

    public ValueTask HandleLeaderChangeAsync(int leaderId, int epoch)
    {
        cache.ControllerId = leaderId;
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync()
    {
        batchesTaken = 0;
        MetadataImage next = delta.Apply(last);
        // Opening, creating and removing logs touches the disk.
        if (partitions.HaveWork(delta, next)) await scheduler.RunBlocking(() => partitions.Apply(delta, next));
        foreach (IMetadataObserver observer in observers) observer.MetadataChanged(delta, next);
        cache.Publish(next);
        partitions.Published();
        delta = new MetadataDelta(next);
        snapshots.Published(next);
    }
}
