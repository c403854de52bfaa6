using System.Globalization;
using System.Text;
using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage;

/// <summary>A log directory's <c>meta.properties</c>, version 1: which cluster and node it belongs to, and its own id (KIP-858).</summary>
/// <param name="ClusterId">The cluster's id, as text: not every cluster's is a Kafka uuid.</param>
/// <param name="NodeId">The node that the directory belongs to.</param>
/// <param name="DirectoryId">The directory's id; null in files older than directory ids.</param>
public sealed record MetaProperties(string ClusterId, BrokerId NodeId, Uuid? DirectoryId)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "meta.properties";

    /// <summary>Reads a directory's file; null when it is absent: the directory is not formatted.</summary>
    /// <exception cref="CheckpointException">The file is there and is not one.</exception>
    public static MetaProperties? Read(IFileSystem files, string directory)
    {
        string? text = AtomicFile.Read(files, directory, FileName, Limits.SmallFileBytesMax);
        if (text is null) return null;
        string path = Path.Join(directory, FileName);
        Dictionary<string, string> properties = Parse(text);
        if (!properties.TryGetValue("version", out string? version)) throw new CheckpointException(path, "no version");
        if (version != "1") throw new CheckpointException(path, $"version '{version}' is not known");
        if (!properties.TryGetValue("cluster.id", out string? cluster) || cluster.Length == 0) throw new CheckpointException(path, "no cluster.id");
        if (!properties.TryGetValue("node.id", out string? node)
            || !int.TryParse(node, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int nodeId))
            throw new CheckpointException(path, "no node.id");
        Uuid? directoryId = null;
        if (properties.TryGetValue("directory.id", out string? id))
            directoryId = Uuid.TryParse(id, out Uuid parsed) ? parsed : throw new CheckpointException(path, $"directory.id '{id}' is not an id");
        return new MetaProperties(cluster, (BrokerId)nodeId, directoryId);
    }

    /// <summary>Writes the file, atomically and durably. Blocking: flushes.</summary>
    public void Write(IFileSystem files, string directory)
    {
        var text = new StringBuilder("#\n");
        text.Append(CultureInfo.InvariantCulture, $"node.id={NodeId.Value}\n");
        if (DirectoryId is { } id) text.Append(CultureInfo.InvariantCulture, $"directory.id={id}\n");
        text.Append(CultureInfo.InvariantCulture, $"version=1\ncluster.id={ClusterId}\n");
        AtomicFile.Write(files, directory, FileName, text.ToString());
    }

    // The subset of Java's properties format that these files use: comments, '=' or ':' as separator, no escapes but of '=' and ':'.
    private static Dictionary<string, string> Parse(string text)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or '!') continue;
            int separator = line.AsSpan().IndexOfAny('=', ':');
            if (separator <= 0) continue;
            properties[line[..separator].Trim()] = line[(separator + 1)..].Trim().Replace("\\", "", StringComparison.Ordinal);
        }

        return properties;
    }
}
