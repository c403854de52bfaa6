using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Raft;
using Moldau.Storage.Epochs;

namespace Moldau.Broker.Quorum;

/// <summary>What the disk holds of the metadata log, put together for the core.</summary>
internal sealed class RaftRecovery
{
    /// <summary>The log's outline.</summary>
    public LogState Log { get; } = new();

    /// <summary>The voter sets of the newest snapshot and the log behind it.</summary>
    public VoterHistory Voters { get; }

    /// <summary>The records that a new cluster begins with, from the checkpoint that formatting wrote; empty when that is gone.</summary>
    public IReadOnlyList<MetadataRecord> Bootstrap { get; }

    /// <exception cref="MetadataLogCorruptException">Log and snapshots do not fit together.</exception>
    public RaftRecovery(MetadataLog log, SnapshotStore snapshots, VoterSet configured)
    {
        Voters = new VoterHistory(configured);
        snapshots.Load();
        SnapshotInfo? latest = snapshots.Latest;
        if (latest is { } snapshot) StartBehindSnapshot(log, snapshot.Id);
        if (log.StartOffset > 0 && (latest is null || latest.Value.Id.Offset < log.StartOffset))
            throw new MetadataLogCorruptException(snapshots.Folder, $"the log begins at offset {log.StartOffset}, and no snapshot covers what is before");

        snapshots.DeleteBefore(log.StartOffset);
        Log.Restore(log.StartOffset, log.EndOffset, log.FlushedOffset);
        foreach (SnapshotInfo info in snapshots.All) Log.AddSnapshot(info.Id);
        foreach (EpochStart epoch in log.Epochs) Log.Epochs.Append(epoch.Epoch, epoch.StartOffset);
        Bootstrap = snapshots.Contains(OffsetAndEpoch.Bootstrap) ? ReadRecords(snapshots) : [];
        ReadVoters(log, snapshots, latest?.Id);
    }

    // A follower may have been cut off between installing a snapshot and emptying its log.
    private static void StartBehindSnapshot(MetadataLog log, OffsetAndEpoch snapshot)
    {
        int lastEpoch = log.Epochs.Count > 0 ? log.Epochs[^1].Epoch : 0;
        bool isAhead = snapshot.Epoch > lastEpoch || (snapshot.Epoch == lastEpoch && snapshot.Offset > log.EndOffset);
        if (isAhead && snapshot != OffsetAndEpoch.Bootstrap) log.StartAt(snapshot.Offset);
    }

    private static IReadOnlyList<MetadataRecord> ReadRecords(SnapshotStore snapshots)
    {
        using SnapshotReader reader = snapshots.Open(OffsetAndEpoch.Bootstrap);
        return [.. reader.Records()];
    }

    private void ReadVoters(MetadataLog log, SnapshotStore snapshots, OffsetAndEpoch? latest)
    {
        long offset = log.StartOffset;
        if (latest is { } id)
        {
            using SnapshotReader reader = snapshots.Open(id);
            Voters.Reset(id.Offset, reader.Voters, reader.KRaftVersion);
            offset = Math.Max(offset, id.Offset);
        }

        while (offset < log.EndOffset)
        {
            if (log.Read(offset, log.EndOffset) is not { Count: > 0 } batches)
                throw new MetadataLogCorruptException(snapshots.Folder, $"offset {offset} of the log cannot be read");
            foreach (ReadOnlyMemory<byte> batch in batches)
            {
                BatchOutline outline = Outline(batch, snapshots.Folder);
                if (outline.KRaftVersion is { } level) Voters.Add(outline.BaseOffset, level);
                if (outline.Voters is { } voters) Voters.Add(outline.LastOffset, voters);
                offset = outline.LastOffset + 1;
            }
        }
    }

    private static BatchOutline Outline(ReadOnlyMemory<byte> batch, string folder)
    {
        try
        {
            return ControlRecords.Outline(batch);
        }
        catch (Exception broken) when (broken is RecordFormatException or WireFormatException)
        {
            throw new MetadataLogCorruptException(folder, broken.Message, broken);
        }
    }
}
