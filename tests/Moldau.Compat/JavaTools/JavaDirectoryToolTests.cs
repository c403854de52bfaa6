using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Compat.JavaTools;

/// <summary>Apache Kafka's own tools for log directories and the deletion of records, on a node with two directories.</summary>
public sealed class JavaDirectoryToolTests : IAsyncLifetime
{
    private const string Topic = "java-dirs";
    private readonly KafkaPeer _peer = Client.RequirePeer();
    private readonly TemporaryFolder _folder = new();
    private NodeProcess? _node;

    private string First => _node!.Setup.DataFolder;

    private string Second => Path.Combine(_folder.Path, "more");

    public async ValueTask InitializeAsync()
    {
        var setup = new NodeSetup(_folder.Path, FreePorts.NextPair()) { ByPropertiesFile = true };
        setup = setup with { Settings = new Dictionary<string, string> { ["log.dirs"] = $"{setup.DataFolder},{Second}" } };
        _node = await NodeProcess.StartedAsync(NodeProgram.FromEnvironment(), setup, TestContext.Current.CancellationToken);
        (await ToolAsync("topics", "--create", "--topic", Topic, "--partitions", "2")).Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        if (_node != null)
        {
            await _node.StopAsync();
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Records_are_deleted_up_to_an_offset_and_not_beyond_the_end()
    {
        (await InputAsync("console-producer", "a\nb\nc\n", "--topic", Topic, "--batch-size", "1")).Succeeded();
        Assert.Contains("OffsetOutOfRangeException", (await DeleteAsync(0, 99)).Output, StringComparison.Ordinal);
        for (int partition = 0; partition < 2; partition++) Assert.Contains($"partition: {Topic}-{partition}\tlow_watermark: ", (await DeleteAsync(partition, -1)).Output, StringComparison.Ordinal);

        string[] ends = (await ToolAsync("get-offsets", "--topic", Topic)).Succeeded().Lines;
        Assert.Equal(ends, (await ToolAsync("get-offsets", "--topic", Topic, "--time", "earliest")).Succeeded().Lines);
        Assert.Equal(3, ends.Sum(line => int.Parse(line.Split(':')[2])));
    }

    [Fact]
    public async Task A_partition_is_moved_to_another_directory_and_described_there()
    {
        Dictionary<string, string> before = await DescribeAsync();
        Assert.Equal([First, Second], before.Values.Order(StringComparer.Ordinal));
        string target = before[$"{Topic}-0"] == First ? Second : First;
        (await InputAsync("console-producer", "a\nb\nc\n", "--topic", Topic)).Succeeded();

        Finished moved = await ReassignAsync(target, "--execute");
        Assert.Contains($"Successfully started moving log directory to {target} for replica {Topic}-0 with broker 1", moved.Succeeded().Output, StringComparison.Ordinal);
        Dictionary<string, string> after = await Client.EventuallyAsync(DescribeAsync, found => found[$"{Topic}-0"] == target, TestContext.Current.CancellationToken);
        Assert.Equal(target, after[$"{Topic}-0"]);
        Assert.Contains("is complete", (await ReassignAsync(target, "--verify")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], (await ToolAsync("console-consumer", "--topic", Topic, "--from-beginning", "--max-messages", "3", "--timeout-ms", "60000")).Succeeded().Lines.Order());
        Assert.True(Directory.Exists(Path.Combine(target, $"{Topic}-0")));
        Finished refused = await ReassignAsync(Path.Combine(_folder.Path, "nowhere"), "--execute");
        Assert.Contains("LogDirNotFoundException", refused.Output + refused.Errors, StringComparison.Ordinal);
    }

    // The directory of each partition, as the tool prints it.
    private async Task<Dictionary<string, string>> DescribeAsync()
    {
        using JsonDocument described = JsonDocument.Parse((await ToolAsync("log-dirs", "--describe", "--topic-list", Topic)).Succeeded().Lines[^1]);
        var found = new Dictionary<string, string>();
        foreach (JsonElement directory in described.RootElement.GetProperty("brokers")[0].GetProperty("logDirs").EnumerateArray())
        {
            foreach (JsonElement partition in directory.GetProperty("partitions").EnumerateArray().Where(partition => !partition.GetProperty("isFuture").GetBoolean()))
                found[partition.GetProperty("partition").GetString()!] = directory.GetProperty("logDir").GetString()!;
        }

        return found;
    }

    private async Task<Finished> DeleteAsync(int partition, long offset)
    {
        string file = Path.Combine(_folder.Path, "delete.json");
        await File.WriteAllTextAsync(file, $$"""{"version":1,"partitions":[{"topic":"{{Topic}}","partition":{{partition}},"offset":{{offset}}}]}""", TestContext.Current.CancellationToken);
        return await ToolAsync("delete-records", "--offset-json-file", file);
    }

    private async Task<Finished> ReassignAsync(string directory, string verb)
    {
        string file = Path.Combine(_folder.Path, "move.json");
        await File.WriteAllTextAsync(
            file, $$"""{"version":1,"partitions":[{"topic":"{{Topic}}","partition":0,"replicas":[1],"log_dirs":["{{directory}}"]}]}""", TestContext.Current.CancellationToken);
        return await ToolAsync("reassign", "--reassignment-json-file", file, verb);
    }

    private Task<Finished> ToolAsync(string tool, params string[] arguments) => InputAsync(tool, null, arguments);

    private Task<Finished> InputAsync(string tool, string? input, params string[] arguments) =>
        _peer.RunToolAsync([tool, "--bootstrap-server", _node!.Setup.Bootstrap, .. arguments], input, token: TestContext.Current.CancellationToken);
}
