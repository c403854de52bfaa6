using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;
using Moldau.Storage.Inspection;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Verification;

/// <summary>Looks through the folder of one log.</summary>
internal sealed class PartitionCheck(IFileSystem files, string folder, List<RawFinding> findings)
{
    private readonly IReadOnlyList<string> names = files.ListFiles(folder);

    /// <summary>The id that the folder says its topic has.</summary>
    public Uuid? TopicId { get; private set; }

    /// <summary>Segments read.</summary>
    public int Segments { get; private set; }

    /// <summary>Bytes of them.</summary>
    public long Bytes { get; private set; }

    /// <summary>The offset behind the last record.</summary>
    public long EndOffset { get; private set; }

    /// <summary>Looks. <paramref name="isClosed"/>: the last stop was clean; <paramref name="isCompacted"/>: offsets may be missing.</summary>
    public void Run(bool isClosed, bool isCompacted, bool deep, Action<string, long> progress)
    {
        CheckTopicId();
        long[] segments = [.. names.Where(static name => name.EndsWith(SegmentNames.Log, StringComparison.Ordinal)).Select(DataFiles.BaseOffset).OfType<long>().Order()];
        long end = segments.Length > 0 ? segments[0] : 0;
        (int Epoch, long Offset) latest = (-1, -1);
        for (int i = 0; i < segments.Length; i++)
        {
            string path = Path.Join(folder, SegmentNames.File(segments[i], SegmentNames.Log));
            if (i > 0) CheckNeighbours(path, end, segments[i], isCompacted);
            var segment = new SegmentCheck(files, folder, segments[i], findings);
            segment.Run(isOpen: !isClosed && i == segments.Length - 1, deep, position => progress(path, Bytes + position));
            if (segment.LatestEpoch.Epoch > latest.Epoch) latest = segment.LatestEpoch;
            end = Math.Max(Math.Max(end, segments[i]), segment.LastOffset + 1 ?? 0);
            Bytes += segment.Bytes;
            Segments++;
        }

        EndOffset = end;
        CheckEpochs(isClosed, latest);
        foreach (string name in names) CheckFile(name, segments);
    }

    private void CheckTopicId()
    {
        string path = Path.Join(folder, PartitionMetadataFile.Name);
        try
        {
            TopicId = SmallFiles.TopicId(files, path);
            if (TopicId is null) Add(path, null, "the topic's id is missing", Response.Kept("the log gets the id that the cluster's metadata has for its topic"));
        }
        catch (CheckpointException unreadable)
        {
            Add(path, null, Reason(unreadable, path), Response.Kept("the log cannot be opened"));
        }
    }

    private void CheckNeighbours(string path, long end, long next, bool isCompacted)
    {
        if (next < end) Add(path, 0, $"the segment begins at offset {next}, the one before it ends at {end - 1}", Response.Kept("offsets are in it twice"));
        else if (next > end && !isCompacted) Add(path, 0, $"offsets {end} to {next - 1} are missing before it", Response.Kept("consumers go on behind the gap"));
    }

    private void CheckEpochs(bool isClosed, (int Epoch, long Offset) latest)
    {
        string path = Path.Join(folder, LeaderEpochCheckpointFile.Name);
        Response WhenKept = Response.Ignored("epochs are known again from those of the batches that the start reads, and from the next leader on");
        if (!names.Contains(LeaderEpochCheckpointFile.Name))
        {
            if (latest.Epoch >= 0) Add(path, null, "the file is missing", WhenKept);
            return;
        }

        IReadOnlyList<EpochStart> epochs;
        try
        {
            epochs = SmallFiles.Epochs(files, path);
        }
        catch (CheckpointException unreadable)
        {
            Add(path, null, Reason(unreadable, path), WhenKept);
            return;
        }

        for (int i = 1; i < epochs.Count; i++)
        {
            if (epochs[i].Epoch.Value > epochs[i - 1].Epoch.Value && epochs[i].StartOffset >= epochs[i - 1].StartOffset) continue;
            Add(path, null, $"epoch {epochs[i].Epoch.Value} at offset {epochs[i].StartOffset} follows epoch {epochs[i - 1].Epoch.Value} at {epochs[i - 1].StartOffset}", WhenKept);
            return;
        }

        if (epochs.Count > 0 && epochs[^1].StartOffset > EndOffset) Add(path, null, $"epoch {epochs[^1].Epoch.Value} begins at offset {epochs[^1].StartOffset}, behind the log's end {EndOffset}", Response.Ignored("dropped from what the log knows"));
        if (isClosed && latest.Epoch > (epochs.Count > 0 ? epochs[^1].Epoch.Value : -1)) Add(path, null, $"epoch {latest.Epoch} of the batch at offset {latest.Offset} is not in it", WhenKept);
    }

    private void CheckFile(string name, long[] segments)
    {
        string path = Path.Join(folder, name);
        DataFileKind kind = DataFiles.KindOf(name);
        if (DataFiles.LeftoverSuffix(name) is { } leftover)
        {
            bool isOrdinary = leftover is SegmentNames.Deleted or ".tmp" or ".part";
            string what = leftover switch
            {
                SegmentNames.Deleted => "was deleted and waits for its removal",
                SegmentNames.Cleaned => "comes from a cleaning that did not finish",
                SegmentNames.Swap => "comes from a cleaning that finished and was not put in place",
                _ => "was being written",
            };
            findings.Add(new RawFinding(new FileDamage(path, null, what), !isOrdinary, leftover == SegmentNames.Deleted ? Response.Removed("after file.delete.delay.ms") : Response.Kept()));
            return;
        }

        switch (kind)
        {
            case DataFileKind.ProducerSnapshot:
                Try(path, () => SmallFiles.Producers(files, path), Response.Kept("a newer one is used"));
                break;
            case DataFileKind.QuorumState:
                Try(path, () => SmallFiles.QuorumState(files, path), Response.Kept("the node does not start"));
                break;
            case DataFileKind.MetadataSnapshot:
                CheckMetadataSnapshot(path);
                break;
            case DataFileKind.OffsetIndex or DataFileKind.TimeIndex or DataFileKind.TransactionIndex when Array.BinarySearch(segments, DataFiles.BaseOffset(name)!.Value) < 0:
                Add(path, null, "an index without its log", Response.Kept());
                break;
            case DataFileKind.Unknown:
                findings.Add(new RawFinding(new FileDamage(path, null, "a file that is none of a log's"), false, Response.Kept()));
                break;
        }
    }

    private void CheckMetadataSnapshot(string path)
    {
        Response WhenKept = Response.Kept("a start that needs it fails; an older one and the log behind it serve as well, once it is removed");
        using var reader = new SegmentReader(files, path, verify: true);
        bool isComplete = false;
        while (reader.MoveNext())
        {
            if (reader.Damage is { } damage) findings.Add(new RawFinding(damage, true, WhenKept));
            else isComplete = reader.Current!.IsControl && reader.ReadRecords() is [.., { Key: [_, _, 0, 4, ..] }];
        }

        if (reader.Damage is { } tail) findings.Add(new RawFinding(tail, true, WhenKept));
        else if (!isComplete) Add(path, reader.Length, "the snapshot has no end", WhenKept);
    }

    private void Try(string path, Action read, Response untouched)
    {
        try
        {
            read();
        }
        catch (CheckpointException unreadable)
        {
            Add(path, null, Reason(unreadable, path), untouched);
        }
    }

    private static string Reason(CheckpointException unreadable, string path) => unreadable.Message.Replace(path + ": ", "", StringComparison.Ordinal);

    private void Add(string path, long? position, string problem, Response untouched) => findings.Add(new RawFinding(new FileDamage(path, position, problem), true, untouched));
}
