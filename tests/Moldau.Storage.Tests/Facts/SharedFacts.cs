using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Moldau.Storage.Tests.Facts;

/// <summary>Facts about Kafka's files, where they are at hand: MOLDAU_SHARED, or a folder <c>shared</c> beside the repository.</summary>
internal static class SharedFacts
{
    /// <summary>The folder that holds kafka-protocol and peers; the test is skipped when it is absent.</summary>
    public static string Root
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable("MOLDAU_SHARED");
            string root = string.IsNullOrEmpty(named) ? Path.Join(Repository, "..", "shared") : named;
            if (!Directory.Exists(Path.Join(root, "kafka-protocol"))) Assert.Skip("needs ../shared: facts about Kafka are not at hand (MOLDAU_SHARED, ../shared)");
            return root;
        }
    }

    /// <summary>A file of golden cases, line by line.</summary>
    public static IEnumerable<JsonElement> Golden(string name)
    {
        string? named = Environment.GetEnvironmentVariable("KAFKA_GOLDEN");
        string folder = string.IsNullOrEmpty(named) ? Path.Join(Root, "kafka-protocol", "golden") : named;
        string path = Path.Join(folder, name);
        if (!File.Exists(path)) Assert.Skip($"needs ../shared: golden cases {name} are not at hand");
        return File.ReadLines(path).Where(static line => line.Length > 0).Select(static line => JsonDocument.Parse(line).RootElement);
    }

    /// <summary>Where data folders of nodes are: KAFKA_LOGDIRS, or those of the facts; null when neither is at hand.</summary>
    public static string? LogDirectories
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable("KAFKA_LOGDIRS");
            if (!string.IsNullOrEmpty(named)) return named;
            string? shared = Environment.GetEnvironmentVariable("MOLDAU_SHARED");
            string folder = Path.Join(string.IsNullOrEmpty(shared) ? Path.Join(Repository, "..", "shared") : shared, "kafka-protocol", "logdirs");
            return Directory.Exists(folder) ? folder : null;
        }
    }

    /// <summary>Names of all data folders of which something is known; one empty name when there are none, for a test to skip at.</summary>
    public static TheoryData<string> LogDirectoryNames => LogDirectoriesWhere(static _ => true);

    /// <summary>As <see cref="LogDirectoryNames"/>, of those whose facts tell what a test is about.</summary>
    public static TheoryData<string> LogDirectoriesWhere(Func<JsonElement, bool> tells)
    {
        if (LogDirectories is not { } folder) return [""];
        string[] names = [.. Directory.GetFiles(folder, "*.json").Select(static path => Path.GetFileNameWithoutExtension(path))
            .Where(name => File.Exists(Path.Join(folder, name + ".tar.gz")) && tells(LogDirectory(name))).Order(StringComparer.Ordinal)];
        return names.Length > 0 ? [.. names] : [""];
    }

    /// <summary>What is known of a node's data folder.</summary>
    public static JsonElement LogDirectory(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Join(LogDirectoryRoot(name), name + ".json"))).RootElement;

    /// <summary>A fresh copy of a node's data folder.</summary>
    public static TemporaryFolder Unpack(string name)
    {
        using FileStream packed = File.OpenRead(Path.Join(LogDirectoryRoot(name), name + ".tar.gz"));
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        var folder = new TemporaryFolder();
        TarFile.ExtractToDirectory(unpacked, folder.Path, overwriteFiles: true);
        return folder;
    }

    private static string LogDirectoryRoot(string name)
    {
        string? folder = LogDirectories;
        if (folder is null || !File.Exists(Path.Join(folder, name + ".json"))) Assert.Skip($"needs ../shared: the data folder {name} is not at hand (KAFKA_LOGDIRS, MOLDAU_SHARED, ../shared)");
        return folder;
    }

    private static string Repository
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Join(folder.FullName, "Moldau.slnx"))) folder = folder.Parent;
            return folder?.FullName ?? AppContext.BaseDirectory;
        }
    }
}

/// <summary>A folder that is removed with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("moldau-storage-").FullName;

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
