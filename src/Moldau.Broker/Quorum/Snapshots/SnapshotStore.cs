using Moldau.Raft;
using Moldau.Storage.Files;

namespace Moldau.Broker.Quorum.Snapshots;

/// <summary>A snapshot on disk.</summary>
/// <param name="Id">End offset and epoch.</param>
/// <param name="SizeInBytes">Bytes of the file.</param>
/// <param name="LastContainedLogTimestampMs">Timestamp of the last record that it covers.</param>
public readonly record struct SnapshotInfo(OffsetAndEpoch Id, long SizeInBytes, long LastContainedLogTimestampMs);

/// <summary>The snapshots in the folder of the metadata log. Owned by the raft loop.</summary>
internal sealed class SnapshotStore(IFileSystem files, string folder)
{
    private readonly SortedDictionary<OffsetAndEpoch, SnapshotInfo> snapshots = new(Comparer<OffsetAndEpoch>.Create(
        (a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.Epoch.CompareTo(b.Epoch)));

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SnapshotInfo> All => [.. snapshots.Values];

    /// <summary>The newest; null when there is none.</summary>
    public SnapshotInfo? Latest => snapshots.Count == 0 ? null : snapshots.Values.Last();

    public string Folder => folder;

    /// <summary>Finds what is there and removes what was not finished.</summary>
    /// <exception cref="MetadataLogCorruptException">A complete snapshot cannot be read.</exception>
    public void Load()
    {
        foreach (string name in files.ListFiles(folder))
        {
            bool isLeftover = name.EndsWith(SnapshotNames.PartSuffix, StringComparison.Ordinal) || name.EndsWith(SnapshotNames.DeletedSuffix, StringComparison.Ordinal);
            if (isLeftover) files.DeleteFile(Path.Join(folder, name));
            if (!SnapshotNames.TryParse(name, out OffsetAndEpoch id)) continue;
            using SnapshotReader reader = SnapshotReader.Open(files, folder, id);
            Add(new SnapshotInfo(id, reader.SizeInBytes, reader.LastContainedLogTimestampMs));
        }
    }

    public void Add(SnapshotInfo snapshot) => snapshots[snapshot.Id] = snapshot;

    public bool Contains(OffsetAndEpoch id) => snapshots.ContainsKey(id);

    public SnapshotReader Open(OffsetAndEpoch id) => SnapshotReader.Open(files, folder, id);

    /// <summary>Deletes the snapshots that end below an offset.</summary>
    public void DeleteBefore(long offset)
    {
        foreach (SnapshotInfo snapshot in All)
        {
            if (snapshot.Id.Offset >= offset) continue;
            files.DeleteFile(Path.Join(folder, SnapshotNames.Of(snapshot.Id)));
            snapshots.Remove(snapshot.Id);
        }
    }
}
