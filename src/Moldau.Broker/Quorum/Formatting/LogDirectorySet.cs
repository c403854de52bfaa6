using Moldau.Protocol;
using Moldau.Storage;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Broker.Quorum.Formatting;

/// <summary>The log directories of a node and what their <c>meta.properties</c> say.</summary>
public sealed class LogDirectorySet
{
    private readonly SortedDictionary<string, MetaProperties> formatted = new(StringComparer.Ordinal);
    private readonly SortedSet<string> empty = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IOException> unusable = new(StringComparer.Ordinal);

    private LogDirectorySet()
    {
    }

    /// <summary>The directories that have a <c>meta.properties</c>.</summary>
    public IReadOnlyDictionary<string, MetaProperties> Formatted => formatted;

    /// <summary>The directories that have none, or are not there.</summary>
    public IReadOnlySet<string> Unformatted => empty;

    /// <summary>The directories that could not be read, and why.</summary>
    public IReadOnlyDictionary<string, IOException> Unusable => unusable;

    /// <summary>The cluster's id as the formatted directories have it; null when there is none.</summary>
    public string? ClusterId => formatted.Count > 0 ? formatted.Values.First().ClusterId : null;

    /// <summary>Reads every directory's file.</summary>
    /// <exception cref="UnreadableMetaPropertiesException">A file is there and is not one.</exception>
    public static LogDirectorySet Load(IFileSystem files, IEnumerable<string> directories)
    {
        var set = new LogDirectorySet();
        foreach (string directory in directories)
        {
            try
            {
                if (MetaProperties.Read(files, directory) is { } properties) set.formatted[directory] = properties;
                else set.empty.Add(directory);
            }
            catch (CheckpointException broken)
            {
                throw new UnreadableMetaPropertiesException(directory, broken.Message);
            }
            catch (IOException broken)
            {
                set.unusable[directory] = broken;
            }
        }

        return set;
    }

    /// <summary>Checks that all formatted directories are this node's and the cluster's, and none a copy of another.</summary>
    /// <param name="nodeId"><c>node.id</c>.</param>
    /// <param name="clusterId">The cluster that they must belong to; null: to the same.</param>
    /// <exception cref="LogDirectoryException">One is not.</exception>
    public void Verify(BrokerId nodeId, string? clusterId = null)
    {
        string? expected = clusterId ?? ClusterId;
        var owners = new Dictionary<Uuid, string>();
        foreach ((string directory, MetaProperties properties) in formatted)
        {
            if (properties.ClusterId != expected) throw new ClusterIdMismatchException(directory, expected!, properties.ClusterId);
            if (properties.NodeId != nodeId) throw new NodeIdMismatchException(directory, nodeId, properties.NodeId);
            if (properties.DirectoryId is not { } id) continue;
            if (!owners.TryAdd(id, directory)) throw new DuplicateDirectoryIdException(directory, owners[id], id);
        }
    }

    /// <summary>The properties of a directory that must be formatted.</summary>
    /// <exception cref="NotFormattedException">It is not.</exception>
    public MetaProperties Require(string directory) => formatted.GetValueOrDefault(directory) ?? throw new NotFormattedException(directory);
}
