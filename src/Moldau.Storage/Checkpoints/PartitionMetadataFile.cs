using System.Text;
using Moldau.Protocol;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>A partition's <c>partition.metadata</c>: which topic, by id, the folder belongs to (KIP-516).</summary>
internal static class PartitionMetadataFile
{
    public const string Name = "partition.metadata";
    private const string BeforeId = "version: 0\ntopic_id: ";
    private const int IdChars = 22;

    /// <summary>Writes the file of a new folder; <see cref="Flush"/> makes it durable with the log's first flush.</summary>
    public static void Write(IFileSystem files, string directory, Uuid topicId)
    {
        using IFile file = files.Open(Path.Join(directory, Name), FileOpen.CreateEmpty);
        file.Write(0, Encoding.ASCII.GetBytes($"{BeforeId}{topicId}"));
    }

    /// <summary>Makes the file durable. Blocking.</summary>
    public static void Flush(IFileSystem files, string directory) => files.FlushIfPresent(Path.Join(directory, Name));

    /// <summary>The topic id, or null when the file is absent, empty, zeros or the beginning of one (a crash before its first flush).</summary>
    /// <exception cref="CheckpointException">Not such a file.</exception>
    public static Uuid? Read(IFileSystem files, string directory)
    {
        string? text = AtomicFile.Read(files, directory, Name, Limits.SmallFileBytesMax);
        if (string.IsNullOrEmpty(text?.Trim('\0', ' ', '\n')) || IsTorn(text)) return null;
        string? version = null, id = null;
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            string value = line[(colon + 1)..].Trim();
            switch (line[..colon].Trim())
            {
                case "version": version = value; break;
                case "topic_id": id = value; break;
            }
        }

        if (version != "0" || !Uuid.TryParse(id, out Uuid topicId))
            throw new CheckpointException(Path.Join(directory, Name), "no topic id of version 0 in it");
        return topicId;
    }

    private static bool IsTorn(string text) => text.Length < BeforeId.Length + IdChars
        && (text.StartsWith(BeforeId, StringComparison.Ordinal) || BeforeId.StartsWith(text, StringComparison.Ordinal));
}
