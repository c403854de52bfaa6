using System.Text.Json;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>
/// The marker of a clean stop, <c>.kafka_cleanshutdown</c>: all logs were flushed and their indexes written. It also carries the broker
/// epoch of the run that ended, by which a controller sees that no data was lost in between (KIP-966).
/// </summary>
internal static class CleanShutdownFile
{
    public const string Name = ".kafka_cleanshutdown";

    /// <summary>Writes the marker. Blocking: flushes.</summary>
    public static void Write(IFileSystem files, string directory, long brokerEpoch) =>
        AtomicFile.Write(files, directory, Name, $"{{\"version\":0,\"brokerEpoch\":{brokerEpoch}}}");

    /// <summary>Whether the marker is there.</summary>
    public static bool Exists(IFileSystem files, string directory) => files.FileExists(Path.Join(directory, Name));

    /// <summary>The broker epoch in it; -1 when it says nothing that can be understood.</summary>
    public static long ReadBrokerEpoch(IFileSystem files, string directory)
    {
        string? text = AtomicFile.Read(files, directory, Name, Limits.SmallFileBytesMax);
        if (string.IsNullOrWhiteSpace(text)) return -1;
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.TryGetProperty("brokerEpoch", out JsonElement epoch) && epoch.TryGetInt64(out long value) ? value : -1;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    /// <summary>Removes the marker, durably: from here on a crash is a crash.</summary>
    public static void Remove(IFileSystem files, string directory)
    {
        files.DeleteFile(Path.Join(directory, Name));
        files.FlushDirectory(directory);
    }
}
