using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Directories;
using Moldau.Storage.Files;
using Moldau.Storage.Inspection;

namespace Moldau.Storage.Verification;

/// <summary>Looks through one log directory: its own files, then the folder of each log.</summary>
internal sealed class DirectoryCheck(IFileSystem files, string directory, List<RawFinding> findings)
{
    private readonly Dictionary<TopicPartition, PartitionCheck> partitions = [];

    /// <summary>What the directory belongs to; null when it does not say.</summary>
    public MetaProperties? Properties { get; private set; }

    /// <summary>Its logs.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionCheck> Partitions => partitions;

    /// <summary>Looks; <paramref name="progress"/> is told the file, and bytes read in its folder.</summary>
    public void Run(bool deep, Action<string, long> progress)
    {
        CheckProperties();
        bool isClosed = CleanShutdownFile.Exists(files, directory);
        if (!isClosed) Note(CleanShutdownFile.Name, "the file is missing: the node was not stopped cleanly", Response.Kept("logs are read from their recovery points on"));
        var cleaned = Offsets(OffsetCheckpointFile.Cleaner);
        foreach (string name in files.ListDirectories(directory))
        {
            if (name.EndsWith(FolderNames.DeleteSuffix, StringComparison.Ordinal)) Note(name, "the log of a deleted partition", Response.Removed("after file.delete.delay.ms"));
            else if (!FolderNames.TryParse(name, out TopicPartition partition)) Note(name, "a folder that is no log's", Response.Kept("left alone"));
            else
            {
                var check = new PartitionCheck(files, Path.Join(directory, name), findings);
                check.Run(isClosed && partition != WellKnown.ClusterMetadata, cleaned.ContainsKey(partition), deep, progress);
                partitions.Add(partition, check);
            }
        }

        CheckOffsets(OffsetCheckpointFile.RecoveryPoint, "recovery point", Response.Ignored("the log is read as it is"));
        CheckOffsets(OffsetCheckpointFile.HighWatermark, "high watermark", Response.Ignored("it is set to the log's end"));
        CheckOffsets(OffsetCheckpointFile.LogStart, "log start", Response.Ignored("the log begins anew there, empty"));
    }

    private void CheckProperties()
    {
        string path = Path.Join(directory, MetaProperties.FileName);
        try
        {
            Properties = MetaProperties.Read(files, directory);
            if (Properties is null) Add(path, "the file is missing: nothing says which cluster and node the directory belongs to", Response.Kept("the node does not start with it until it is formatted"));
            else if (Properties.DirectoryId is null) findings.Add(new RawFinding(new FileDamage(path, null, "no directory.id: the file is older than directory ids"), false, Response.Kept()));
        }
        catch (CheckpointException unreadable)
        {
            Add(path, unreadable.Message.Replace(path + ": ", "", StringComparison.Ordinal), Response.Kept("the log directory goes offline"));
        }
    }

    private void CheckOffsets(string name, string what, Response untouched)
    {
        foreach ((TopicPartition partition, long offset) in Offsets(name))
        {
            if (partitions.TryGetValue(partition, out PartitionCheck? log) && offset > log.EndOffset)
                Add(Path.Join(directory, name), $"the {what} of {partition} is {offset}, its log ends at {log.EndOffset}", untouched);
        }
    }

    private IReadOnlyDictionary<TopicPartition, long> Offsets(string name)
    {
        string path = Path.Join(directory, name);
        try
        {
            return SmallFiles.Offsets(files, path);
        }
        catch (CheckpointException unreadable)
        {
            Add(path, unreadable.Message.Replace(path + ": ", "", StringComparison.Ordinal), Response.Ignored("what it would save is read from the logs"));
            return new Dictionary<TopicPartition, long>();
        }
    }

    private void Note(string name, string what, Response untouched) => findings.Add(new RawFinding(new FileDamage(Path.Join(directory, name), null, what), false, untouched));

    private void Add(string path, string problem, Response untouched) => findings.Add(new RawFinding(new FileDamage(path, null, problem), true, untouched));
}
