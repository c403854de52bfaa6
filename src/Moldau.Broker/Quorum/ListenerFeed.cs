using Moldau.Broker.Quorum.Snapshots;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>
/// Brings one listener along the log: the newest snapshot first if there is one, then every committed batch, read from the log at the
/// listener's pace. The log is the queue, so a slow listener costs no memory.
/// </summary>
internal sealed class ListenerFeed(IRaftListener listener, IScheduler scheduler)
{
    private readonly Inbox inbox = new(scheduler);
    private readonly Lock gate = new();
    private MetadataLog log = null!;
    private SnapshotStore snapshots = null!;
    private LeaderChanged? pendingChange;
    private OffsetAndEpoch latestSnapshot;
    private long highWatermark = -1;
    // The offset of the next batch that the listener gets; -1 before anything. The feed's own loop alone touches it.
    private long nextOffset = -1;
    private bool isStopping;

    /// <summary>Called by the raft loop: what there is to be told.</summary>
    public void Advance(long committed, OffsetAndEpoch? snapshot, LeaderChanged? change)
    {
        lock (gate)
        {
            highWatermark = Math.Max(highWatermark, committed);
            latestSnapshot = snapshot ?? OffsetAndEpoch.Bootstrap;
            // Only the newest change counts: what came before it is over.
            pendingChange = change ?? pendingChange;
        }

        inbox.Signal();
    }

    /// <summary>Ends the feed after the call that is under way.</summary>
    public void Stop()
    {
        lock (gate) isStopping = true;
        inbox.Signal();
    }

    /// <summary>Runs until <see cref="Stop"/>.</summary>
    /// <exception cref="MetadataLogFailedException">The disk failed.</exception>
    /// <exception cref="MetadataLogCorruptException">The log cannot be followed.</exception>
    public async Task RunAsync(MetadataLog source, SnapshotStore snapshotSource)
    {
        (log, snapshots) = (source, snapshotSource);
        while (true)
        {
            (long committed, OffsetAndEpoch snapshot, bool stop) = Take();
            if (stop) return;
            if (nextOffset < committed && NeedsSnapshot(snapshot)) await LoadAsync(snapshot);
            else if (nextOffset < 0 && committed >= 0) nextOffset = 0;
            else if (nextOffset >= 0 && nextOffset < committed) await CommitAsync(committed);
            else if (TakeChange() is { } change) await listener.HandleLeaderChangeAsync(change.LeaderId, change.Epoch);
            else await inbox.WaitAsync(long.MaxValue, 0);
        }
    }

    private bool NeedsSnapshot(OffsetAndEpoch snapshot) =>
        snapshot.Offset > nextOffset && snapshot != OffsetAndEpoch.Bootstrap && (nextOffset < 0 || nextOffset < log.StartOffset);

    private async Task LoadAsync(OffsetAndEpoch id)
    {
        SnapshotReader reader;
        try
        {
            reader = snapshots.Open(id);
        }
        catch (FileNotFoundException)
        {
            // Deleted for a newer one a moment ago; the raft loop has told of that one by now or is about to.
            await inbox.WaitAsync(long.MaxValue, 0);
            return;
        }

        using (reader) await listener.HandleSnapshotAsync(reader);
        nextOffset = id.Offset;
    }

    private async Task CommitAsync(long committed)
    {
        List<ReadOnlyMemory<byte>>? batches = log.Read(nextOffset, committed);
        // The log now begins behind: the next round loads the snapshot that it begins at.
        if (batches is null) return;
        Invariant.That(batches.Count > 0);
        foreach (ReadOnlyMemory<byte> bytes in batches)
        {
            CommittedBatch batch = MetadataBatches.Decode(bytes);
            if (batch.LastOffset >= committed) return;
            await listener.HandleCommitAsync(batch);
            nextOffset = batch.LastOffset + 1;
            lock (gate)
                if (isStopping) return;
        }
    }

    private (long, OffsetAndEpoch, bool) Take()
    {
        lock (gate) return (highWatermark, latestSnapshot, isStopping);
    }

    // This node's own leadership waits until its first record is committed and seen: then everything before it is, too.
    private LeaderChanged? TakeChange()
    {
        lock (gate)
        {
            if (pendingChange is not { } change || (change.EpochStartOffset >= 0 && nextOffset <= change.EpochStartOffset)) return null;
            pendingChange = null;
            return change;
        }
    }
}
