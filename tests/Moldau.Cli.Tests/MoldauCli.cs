using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

/// <summary>The built <c>moldau</c>, and one node of it that the tests of the run share.</summary>
public sealed class MoldauCli : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("moldau-cli-").FullName;
    private NodeProcess? node;

    public static string Executable => MoldauProgram.BuiltExecutable();

    public string Bootstrap => node!.Setup.Bootstrap;

    /// <summary>Where the node keeps its partitions.</summary>
    public string DataFolder => node!.Setup.DataFolder;

    public async ValueTask InitializeAsync()
    {
        var setup = new NodeSetup(Path.Combine(folder, "node"), FreePorts.NextPair()) { Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" } };
        node = await NodeProcess.StartedAsync(new MoldauProgram(Executable), setup, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null) await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A file of the run.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Runs a command against the node, with something to read. A name of its own: beside the other it would take a first argument for the input.</summary>
    public Task<Finished> RunOnAsync(string? input, params string[] arguments) =>
        ChildProcess.RunAsync(Executable, arguments, input, new Dictionary<string, string> { ["MOLDAU_BOOTSTRAP"] = Bootstrap }, token: TestContext.Current.CancellationToken);

    /// <summary>Runs a command against the node.</summary>
    public Task<Finished> RunAsync(params string[] arguments) => RunOnAsync(null, arguments);

    /// <summary>Runs a command that must succeed and gives its JSON.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonDocument.Parse((await RunAsync([.. arguments, "--json"])).Succeeded().Output).RootElement;

    /// <summary>The lines of JSON that a command wrote.</summary>
    public static JsonElement[] Lines(Finished run) => [.. run.Lines.Select(static line => JsonDocument.Parse(line).RootElement)];

    /// <summary>A topic's name that no other test uses.</summary>
    public static string NewName(string kind) => $"{kind}-{Guid.NewGuid():N}";
}
