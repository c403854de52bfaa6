using System.Text.RegularExpressions;
using Moldau.Compat.Confluent;
using Moldau.Processes;

namespace Moldau.Compat.Adoption;

/// <summary>One data folder and one port, on which Apache Kafka and Moldau are started in turn.</summary>
internal sealed partial class AdoptedFolder : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private NodeProcess? _node;
    private bool _wasKilled;

    public AdoptedFolder()
    {
        Setup = new NodeSetup(_folder.Path, FreePorts.NextPair())
        {
            ByPropertiesFile = true,
            Settings = new Dictionary<string, string>
            {
                ["group.initial.rebalance.delay.ms"] = "0", ["offsets.topic.num.partitions"] = "2", ["transaction.state.log.num.partitions"] = "2",
                // Kafka takes 128 MiB for it otherwise, half the memory that it is given here.
                ["log.cleaner.dedupe.buffer.size"] = "16777216",
                ["log.cleaner.backoff.ms"] = "100",
            },
        };
        Client = new ConfluentClient(Setup.Bootstrap);
    }

    public NodeSetup Setup { get; }

    public ConfluentClient Client { get; }

    /// <summary>Starts a program on the folder, lets it be used, and ends it: by SIGTERM, or by kill -9.</summary>
    public async Task RunAsync(NodeProgram program, bool kill, Func<Task> use, CancellationToken token)
    {
        _node = await NodeProcess.StartedAsync(program, Setup, token);
        try
        {
            await use();
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{program.Name} said:\n{_node.Log}");
            throw;
        }

        // What Kafka thinks of the files it says while it opens and reads them.
        string[] complaints = program is KafkaPeer ? [.. _node.Log.Split('\n').Where(line => Complaint().IsMatch(line) && !IsOfItsOwn(line) && !(_wasKilled && IsUnwrittenIndex(line)))] : [];
        Assert.True(complaints.Length == 0, string.Join('\n', complaints));
        _wasKilled = kill;
        if (kill) await _node.KillAsync();
        else Assert.Equal(program is KafkaPeer ? 143 : 0, await _node.StopAsync());
        await _node.DisposeAsync();
        _node = null;
    }

    /// <summary>Every file of the data folder that ends in one of the suffixes and does not wait for its removal, by name.</summary>
    public string[] Files(string folders, params string[] suffixes) => [.. Directory.EnumerateDirectories(Setup.DataFolder, folders)
        .Where(static folder => !folder.EndsWith("-delete", StringComparison.Ordinal))
        .SelectMany(Directory.EnumerateFiles).Where(file => suffixes.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)];

    /// <summary>How far a log has been cleaned, as the checkpoint in the folder says; 0 when it has not.</summary>
    public long CleanedUpTo(string topic)
    {
        string checkpoint = Path.Combine(Setup.DataFolder, "cleaner-offset-checkpoint");
        string? line = File.Exists(checkpoint) ? File.ReadLines(checkpoint).FirstOrDefault(line => line.StartsWith($"{topic} 0 ", StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(line.Split(' ')[2]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node != null) await _node.DisposeAsync();
        _folder.Dispose();
    }

    // Moldau keeps the index of the segment that is appended to in memory: after a kill its file may not be there yet.
    private static bool IsUnwrittenIndex(string line) => line.Contains("Could not find offset index file", StringComparison.Ordinal);

    // On a busy machine Kafka's controller may not be ready in time for its own registration, and tries again.
    private static bool IsOfItsOwn(string line) => line.Contains("error handling request RequestHeader(apiKey=CONTROLLER_REGISTRATION", StringComparison.Ordinal);

    [GeneratedRegex(" (ERROR|FATAL) |[Cc]orrupt|[Rr]ebuild|[Tt]runcat|invalid batch|mismatch")]
    private static partial Regex Complaint();
}
