using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Raft;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Broker.Quorum.Formatting;

/// <summary>
/// Formats log directories as Kafka 4.4's storage tool does: the first checkpoint of the metadata log with the feature levels (and the
/// voters, where the quorum is dynamic), then <c>meta.properties</c>, which makes the directory count as formatted. A format that was
/// interrupted is simply done again.
/// </summary>
public sealed class StorageFormatter(IFileSystem files, IScheduler scheduler)
{
    // An empty volume of its own has it.
    private const string LostAndFound = "lost+found";

    /// <summary>Formats the directories that are not formatted.</summary>
    /// <exception cref="FormatRefusedException">The options make no sense, or a directory is formatted already and that is not to be ignored.</exception>
    /// <exception cref="LogDirectoryException">A directory belongs to another cluster or node, or holds other things.</exception>
    public async Task<FormatResult> FormatAsync(FormatOptions options)
    {
        FormatRules.Check(options);
        BootstrapLevels levels = BootstrapLevels.Of(options);
        FormatResult? result = null;
        await scheduler.RunBlocking(() => result = Format(options, levels));
        return result!;
    }

    /// <summary>
    /// For a first start without configuration: formats this node as a quorum of one under a new cluster id if no directory is formatted,
    /// and new data directories beside the formatted metadata directory under its cluster id.
    /// </summary>
    /// <param name="options">As for the tool; the cluster id is not looked at.</param>
    /// <returns>All directories, formatted now.</returns>
    /// <exception cref="NotFormattedException">The metadata directory of a node with data is missing: a new one would forget every topic.</exception>
    /// <exception cref="LogDirectoryException">A directory belongs to another cluster or node, or holds other things.</exception>
    public async Task<LogDirectorySet> EnsureFormattedAsync(FormatOptions options)
    {
        LogDirectorySet set = Load(options);
        set.Verify(options.NodeId);
        if (set.Unformatted.Count == 0) return set;
        if (set.Formatted.Count > 0) set.Require(options.MetadataDirectory);
        await FormatAsync(options with
        {
            ClusterId = set.ClusterId ?? NewId().ToString(),
            IgnoreFormatted = true,
            RequireEmpty = true,
            SkipUnusable = true,
        });
        set = Load(options);
        set.Verify(options.NodeId);
        return set;
    }

    /// <summary>A new random id, for a cluster or a directory.</summary>
    public Uuid NewId()
    {
        Span<byte> random = stackalloc byte[Uuid.Size];
        while (true)
        {
            scheduler.FillRandom(random);
            if (Uuid.TryFromRandom(random, out Uuid id)) return id;
        }
    }

    private LogDirectorySet Load(FormatOptions options) => LogDirectorySet.Load(files, FormatRules.AllDirectories(options));

    private FormatResult Format(FormatOptions options, BootstrapLevels levels)
    {
        LogDirectorySet set = Load(options);
        set.Verify(options.NodeId, options.ClusterId);
        if (!options.IgnoreFormatted && set.Formatted.Count > 0)
        {
            throw new FormatRefusedException(
                $"Log directory {set.Formatted.Keys.First()} is already formatted. Use --ignore-formatted to ignore this directory and format the others.");
        }

        if (!options.SkipUnusable && set.Unusable.Count > 0) throw new UnusableDirectoryException(set.Unusable.Keys.First(), set.Unusable.Values.First());
        foreach (string directory in set.Unformatted) Attempt(directory, options, () => RequireFree(directory, options));
        List<FormattedDirectory> formatted = [];
        // The metadata directory first: when a power cut comes between, the next start finds it and goes on.
        foreach (string directory in set.Unformatted.OrderBy(directory => directory != options.MetadataDirectory))
            Attempt(directory, options, () => formatted.Add(FormatDirectory(directory, options, levels)));
        return new FormatResult(formatted, levels.MetadataVersion.Name);
    }

    // A data directory on a broken disk is offline when the logs are opened, and told of there.
    private static void Attempt(string directory, FormatOptions options, Action work)
    {
        try
        {
            work();
        }
        catch (IOException broken) when (broken is not LogDirectoryException)
        {
            if (!options.SkipUnusable || directory == options.MetadataDirectory) throw new UnusableDirectoryException(directory, broken);
        }
    }

    private FormattedDirectory FormatDirectory(string directory, FormatOptions options, BootstrapLevels levels)
    {
        files.CreateDirectory(directory);
        if (Path.GetDirectoryName(directory) is { Length: > 0 } parent) files.FlushDirectory(parent);
        FormattedKind kind = FormatRules.KindOf(directory, options);
        Uuid id = kind == FormattedKind.DynamicMetadataVoter && options.Quorum == InitialQuorum.InitialControllers
            ? options.InitialControllers.First(controller => controller.NodeId == options.NodeId).DirectoryId
            : NewId();
        if (kind != FormattedKind.Data && FormatRules.HasCheckpoint(options)) WriteCheckpoint(directory, options, levels, id);
        var properties = new MetaProperties(options.ClusterId, options.NodeId, id);
        properties.Write(files, directory);
        return new FormattedDirectory(directory, kind, properties);
    }

    private void WriteCheckpoint(string directory, FormatOptions options, BootstrapLevels levels, Uuid directoryId)
    {
        string folder = Path.Join(directory, RaftNode.Partition.ToString());
        files.CreateDirectory(folder);
        files.FlushDirectory(directory);
        long nowMs = scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();
        using var writer = new SnapshotWriter(
            files, folder, OffsetAndEpoch.Bootstrap, nowMs, levels.KRaftVersion, FormatRules.VotersOf(options, directoryId), nowMs);
        foreach (MetadataRecord record in BootstrapMetadata.Records(levels.MetadataVersion, levels.Given)) writer.Append(record);
        writer.Complete();
    }

    // A checkpoint without meta.properties is what an interrupted format leaves behind; a log is data.
    private void RequireFree(string directory, FormatOptions options)
    {
        if (!files.DirectoryExists(directory)) return;
        string metadata = RaftNode.Partition.ToString();
        foreach (string name in files.ListDirectories(directory))
        {
            if (name == metadata)
            {
                string? log = files.ListFiles(Path.Join(directory, name)).FirstOrDefault(file => !IsUnfinishedCheckpoint(file));
                if (log is not null) throw new DirectoryNotEmptyException(directory, $"{name}/{log}");
            }
            else if (name != LostAndFound && (options.RequireEmpty || IsPartitionFolder(directory, name))) throw new DirectoryNotEmptyException(directory, name);
        }

        if (!options.RequireEmpty) return;
        string? other = files.ListFiles(directory).FirstOrDefault(name => name is not (".lock" or "meta.properties.tmp"));
        if (other is not null) throw new DirectoryNotEmptyException(directory, other);
    }

    private static bool IsUnfinishedCheckpoint(string file) =>
        file == SnapshotNames.Of(OffsetAndEpoch.Bootstrap) || file.EndsWith(SnapshotNames.PartSuffix, StringComparison.Ordinal);

    private bool IsPartitionFolder(string directory, string name) =>
        files.ListFiles(Path.Join(directory, name)).Any(file => file.EndsWith(".log", StringComparison.Ordinal) || file == "partition.metadata");
}
