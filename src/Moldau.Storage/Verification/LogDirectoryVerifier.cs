using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Directories;
using Moldau.Storage.Files;
using Moldau.Storage.Inspection;

namespace Moldau.Storage.Verification;

/// <summary>How far a verification has come.</summary>
/// <param name="Path">The file that is read.</param>
/// <param name="Bytes">Bytes of segments read so far.</param>
public readonly record struct VerifyProgress(string Path, long Bytes);

/// <summary>
/// Looks through the log directories of a node that is stopped, and tells what is damaged and what a start would do about it. Only reads. What a start does is
/// not guessed: the start is made, on a file system that keeps its writes in memory.
/// </summary>
public static class LogDirectoryVerifier
{
    /// <summary>Looks. Directories of one node are given together, so that they can be compared.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="directories">The log directories.</param>
    /// <param name="scheduler">Runs the start.</param>
    /// <param name="clusterId">The cluster that the directories should belong to; null: only to one and the same.</param>
    /// <param name="deep">Whether to unfold every batch too.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <exception cref="DiskException">A node is running on a directory.</exception>
    public static async Task<VerifyReport> RunAsync(
        IFileSystem files, IReadOnlyList<string> directories, IScheduler scheduler, string? clusterId = null, bool deep = false, IProgress<VerifyProgress>? progress = null)
    {
        List<IDisposable> held = [];
        try
        {
            // Taking the lock would make its file: where there is none no node has run.
            foreach (string directory in directories)
            {
                if (files.FileExists(Path.Join(directory, DataFiles.Lock))) held.Add(files.Lock(Path.Join(directory, DataFiles.Lock)));
            }

            return await VerifyAsync(files, directories, scheduler, clusterId, deep, progress);
        }
        finally
        {
            foreach (IDisposable hold in held) hold.Dispose();
        }
    }

    private static async Task<VerifyReport> VerifyAsync(
        IFileSystem files, IReadOnlyList<string> directories, IScheduler scheduler, string? clusterId, bool deep, IProgress<VerifyProgress>? progress)
    {
        List<RawFinding> findings = [];
        List<(string Path, DirectoryCheck Check)> checks = [];
        foreach (string directory in directories)
        {
            var check = new DirectoryCheck(files, directory, findings);
            long before = checks.Sum(static earlier => earlier.Check.Partitions.Values.Sum(static log => log.Bytes));
            check.Run(deep, (path, bytes) => progress?.Report(new VerifyProgress(path, before + check.Partitions.Values.Sum(static log => log.Bytes) + bytes)));
            checks.Add((directory, check));
        }

        CompareDirectories(checks, clusterId, findings);
        CompareTopics(files, checks, findings);
        StartForecast start = await StartForecast.RunAsync(files, directories, LogConfig.Default, scheduler);
        PartitionCheck[] logs = [.. checks.SelectMany(static check => check.Check.Partitions.Values)];
        Finding[] complete = [.. findings.Select(raw => start.Of(raw)).OrderBy(static finding => finding.Damage.Path, StringComparer.Ordinal).ThenBy(static finding => finding.Damage.Position ?? -1)];
        LogLoss[] losses =
        [
            .. checks.SelectMany(static check => check.Check.Partitions)
                .Select(log => new LogLoss(log.Key, log.Value.EndOffset, start.EndOffset(log.Key) ?? log.Value.EndOffset)).Where(static loss => loss.EndOffsetAfter < loss.EndOffset),
        ];
        return new VerifyReport(directories.Count, logs.Length, logs.Sum(static log => log.Segments), logs.Sum(static log => log.Bytes), complete, losses, start.Messages);
    }

    private static void CompareDirectories(List<(string Path, DirectoryCheck Check)> checks, string? clusterId, List<RawFinding> findings)
    {
        MetaProperties? first = checks.Select(static check => check.Check.Properties).FirstOrDefault(static properties => properties is not null);
        var ids = new Dictionary<Uuid, string>();
        var owners = new Dictionary<TopicPartition, string>();
        foreach ((string path, DirectoryCheck check) in checks)
        {
            string file = Path.Join(path, MetaProperties.FileName);
            if (check.Properties is { } properties)
            {
                if (properties.ClusterId != (clusterId ?? first!.ClusterId)) Add(file, $"the directory belongs to cluster {properties.ClusterId}, not to {clusterId ?? first!.ClusterId}", Response.Kept("the node does not start with it"));
                if (properties.NodeId != first!.NodeId) Add(file, $"the directory belongs to node {properties.NodeId.Value}, another to node {first.NodeId.Value}", Response.Kept("the node does not start with both"));
                if (properties.DirectoryId is { } id && !ids.TryAdd(id, path)) Add(file, $"the directory has the same id as {ids[id]}", Response.Kept("the node does not start with both"));
            }

            foreach (TopicPartition partition in check.Partitions.Keys)
            {
                if (!owners.TryAdd(partition, path)) Add(Path.Join(path, partition.ToString()), $"the log is also in {owners[partition]}", Response.Kept("the node does not start until one of the two is moved away"));
            }
        }

        void Add(string path, string problem, Response untouched) => findings.Add(new RawFinding(new FileDamage(path, null, problem), true, untouched));
    }

    // The folder of a log names its topic, a file in it the topic's id; the metadata log, where the node has one, knows which of them exist.
    private static void CompareTopics(IFileSystem files, List<(string Path, DirectoryCheck Check)> checks, List<RawFinding> findings)
    {
        string? home = checks.FirstOrDefault(static check => check.Check.Partitions.ContainsKey(WellKnown.ClusterMetadata)).Path;
        Dictionary<Uuid, string>? topics = home is null ? null : MetadataTopics.Read(files, Path.Join(home, WellKnown.ClusterMetadata.ToString()));
        var ids = new Dictionary<string, Uuid>(StringComparer.Ordinal);
        foreach ((string path, DirectoryCheck check) in checks)
        {
            foreach ((TopicPartition partition, PartitionCheck log) in check.Partitions)
            {
                if (log.TopicId is not { } id || partition == WellKnown.ClusterMetadata) continue;
                string file = Path.Join(path, partition.ToString(), PartitionMetadataFile.Name);
                string? known = topics?.GetValueOrDefault(id);
                if (topics is not null && known is null) Add(file, $"a stray log: the cluster's metadata has no topic with the id {id}", Response.Kept("the log is not served"));
                else if (topics is not null && known != partition.Topic) Add(file, $"the id {id} is that of topic {known}", Response.Kept("the log is not served"));
                else if (topics is null && !ids.TryAdd(partition.Topic, id) && ids[partition.Topic] != id) Add(file, $"the id {id} is not that of the topic's other partitions, {ids[partition.Topic]}", Response.Kept("the log is not served"));
            }
        }

        void Add(string path, string problem, Response untouched) => findings.Add(new RawFinding(new FileDamage(path, null, problem), true, untouched));
    }
}
