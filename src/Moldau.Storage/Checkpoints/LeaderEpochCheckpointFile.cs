using System.Globalization;
using System.Text;
using Moldau.Protocol;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>A partition's <c>leader-epoch-checkpoint</c>: version (0), count, then <c>epoch startOffset</c> lines.</summary>
internal static class LeaderEpochCheckpointFile
{
    public const string Name = "leader-epoch-checkpoint";

    /// <summary>Replaces the file. Blocking: flushes.</summary>
    public static void Write(IFileSystem files, string directory, EpochStart[] epochs)
    {
        var text = new StringBuilder(8 + epochs.Length * 12);
        text.Append(CultureInfo.InvariantCulture, $"0\n{epochs.Length}\n");
        foreach (EpochStart entry in epochs)
            text.Append(CultureInfo.InvariantCulture, $"{entry.Epoch.Value} {entry.StartOffset}\n");
        AtomicFile.Write(files, directory, Name, text.ToString());
    }

    /// <summary>Reads the file; empty when absent.</summary>
    /// <exception cref="CheckpointException">Not such a file.</exception>
    public static EpochStart[] Read(IFileSystem files, string directory)
    {
        string? text = AtomicFile.Read(files, directory, Name, Limits.CheckpointBytesMax);
        if (string.IsNullOrEmpty(text)) return [];
        var lines = new CheckpointLines(Path.Join(directory, Name), text);
        int count = lines.Header();
        if (count > Limits.LeaderEpochsMax) throw new CheckpointException(Path.Join(directory, Name), $"{count} epochs");
        var epochs = new List<EpochStart>();
        for (int i = 0; i < count; i++)
        {
            string line = lines.Next();
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)
                || !long.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long start))
                throw lines.Malformed(line);
            epochs.Add(new EpochStart((LeaderEpoch)epoch, start));
        }

        lines.End();
        return [.. epochs];
    }
}
