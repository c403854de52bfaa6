using Moldau.Broker;
using Moldau.Metadata.Configuration;

namespace Moldau.Starting;

/// <summary>What <c>moldau start</c> was told on its command line.</summary>
/// <param name="ConfigFile"><c>--config</c>: an Apache Kafka properties file.</param>
/// <param name="DataDirectory"><c>--data</c>: goes over <c>log.dirs</c>.</param>
/// <param name="Listen"><c>--listen</c>: goes over <c>listeners</c>.</param>
/// <param name="Sets"><c>--set</c>: goes over everything.</param>
internal sealed record StartSettings(string? ConfigFile, string? DataDirectory, string? Listen, IReadOnlyList<string> Sets)
{
    /// <summary>The node's configuration.</summary>
    /// <exception cref="ConfigException">It is not right.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public NodeConfiguration Load()
    {
        List<KeyValuePair<string, string>> sets = [];
        // Kafka waits 3 s for more members before it deals a new group's partitions out; for one who tries something out that is only slow.
        if (ConfigFile is null) sets.Add(new("group.initial.rebalance.delay.ms", "0"));
        if (DataDirectory is not null) sets.Add(new("log.dirs", Path.GetFullPath(DataDirectory)));
        else if (ConfigFile is null) sets.Add(new("log.dirs", DefaultDataDirectory()));
        if (Listen is not null) sets.Add(new("listeners", $"PLAINTEXT://{CheckListen(Listen)}"));
        sets.AddRange(Sets.Select(NodeConfiguration.ParseSet));
        return NodeConfiguration.Load(ConfigFile is null ? null : ReadFile(ConfigFile), sets);
    }

    /// <summary>Where data goes when nothing is said: the user's own data folder, whatever directory the program was started in.</summary>
    public static string DefaultDataDirectory()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length > 0 ? Path.Join(home, "moldau") : Path.GetFullPath("moldau-data");
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageFileException($"--config {path}: there is no such file");
        }
    }

    private static string CheckListen(string listen)
    {
        int colon = listen.LastIndexOf(':');
        return colon >= 0 && int.TryParse(listen.AsSpan(colon + 1), out int port) && port is >= 0 and <= 65535
            ? listen
            : throw new Output.UsageException($"--listen {listen}: HOST:PORT is needed, for example 127.0.0.1:9092");
    }
}

/// <summary>A file that the command line names cannot be read.</summary>
internal sealed class UsageFileException(string message) : IOException(message);
