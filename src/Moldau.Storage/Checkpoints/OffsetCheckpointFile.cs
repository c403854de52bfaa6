using System.Globalization;
using System.Text;
using Moldau.Protocol;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>
/// Kafka's offset checkpoints, one line per partition: version (0), count, then <c>topic partition offset</c>. Names of the four that a
/// log directory holds are constants here.
/// </summary>
internal static class OffsetCheckpointFile
{
    /// <summary>Everything below the offset is durable: where recovery starts.</summary>
    public const string RecoveryPoint = "recovery-point-offset-checkpoint";

    /// <summary>High watermarks.</summary>
    public const string HighWatermark = "replication-offset-checkpoint";

    /// <summary>Log start offsets that are not a segment's first offset.</summary>
    public const string LogStart = "log-start-offset-checkpoint";

    /// <summary>How far the cleaner has come, of the logs that it has cleaned.</summary>
    public const string Cleaner = "cleaner-offset-checkpoint";

    /// <summary>Replaces the file. Blocking: flushes.</summary>
    public static void Write(IFileSystem files, string directory, string name, IReadOnlyCollection<KeyValuePair<TopicPartition, long>> offsets)
    {
        var text = new StringBuilder(16 + offsets.Count * 32);
        text.Append("0\n").Append(CultureInfo.InvariantCulture, $"{offsets.Count}\n");
        foreach ((TopicPartition partition, long offset) in offsets)
            text.Append(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset}\n");
        AtomicFile.Write(files, directory, name, text.ToString());
    }

    /// <summary>Reads the file; empty when it is absent or has no content.</summary>
    /// <exception cref="CheckpointException">Not such a file.</exception>
    public static Dictionary<TopicPartition, long> Read(IFileSystem files, string directory, string name)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        string? text = AtomicFile.Read(files, directory, name, Limits.CheckpointBytesMax);
        if (string.IsNullOrEmpty(text)) return offsets;
        var lines = new CheckpointLines(Path.Join(directory, name), text);
        int count = lines.Header();
        for (int i = 0; i < count; i++)
        {
            string line = lines.Next();
            string[] parts = line.Split(' ');
            if (parts.Length != 3 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int partition)
                || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
                throw lines.Malformed(line);
            offsets[new TopicPartition(parts[0], partition)] = offset;
        }

        lines.End();
        return offsets;
    }
}
