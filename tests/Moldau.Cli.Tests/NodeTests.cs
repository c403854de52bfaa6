using System.Diagnostics;
using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

public sealed class NodeTests(MoldauCli cli)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_says_where_its_data_is_and_how_to_connect_and_stops_on_SIGTERM()
    {
        string data = cli.PathOf(MoldauCli.NewName("data"));
        string address = $"127.0.0.1:{FreePorts.NextPair()}";
        using Process process = Process.Start(ChildProcess.Describe(MoldauCli.Executable, ["start", "--data", data, "--listen", address]))!;
        List<string> said = [];
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("Stop it", StringComparison.Ordinal)) break;
        }

        Assert.Contains(said, line => line.Contains(data, StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains($"kcat -b {address}", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains($"bootstrap.servers={address}", StringComparison.Ordinal));
        UnixSignal.Terminate(process);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
        Assert.True(File.Exists(Path.Combine(data, ".kafka_cleanshutdown")));
    }

    [Fact]
    public async Task A_second_node_on_the_same_data_is_refused()
    {
        var setup = new NodeSetup(cli.PathOf(MoldauCli.NewName("shared")), FreePorts.NextPair());
        await using NodeProcess first = await NodeProcess.StartedAsync(new MoldauProgram(MoldauCli.Executable), setup, Cancellation);
        Finished second = await cli.RunAsync("start", "--data", setup.DataFolder, "--listen", "127.0.0.1:0", "--log-level", "none");
        Assert.NotEqual(0, second.ExitCode);
        Assert.Single(second.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_formatted_directory_is_told_about_and_started()
    {
        var setup = new NodeSetup(cli.PathOf(MoldauCli.NewName("formatted")), FreePorts.NextPair()) { ByPropertiesFile = true };
        var program = new MoldauProgram(MoldauCli.Executable);
        await program.PrepareAsync(setup, Cancellation);
        JsonElement info = (await cli.JsonAsync("storage", "info", "--config", setup.PropertiesFile))[0];
        Assert.Equal((true, NodeSetup.ClusterId, 1), (info.GetProperty("formatted").GetBoolean(), info.GetProperty("clusterId").GetString(), info.GetProperty("nodeId").GetInt32()));
        string[] again = ["storage", "format", "-t", NodeSetup.ClusterId, "-c", setup.PropertiesFile, "--standalone"];
        Assert.Equal(3, (await cli.RunAsync(again)).ExitCode);
        Assert.Contains("already formatted", (await cli.RunAsync([.. again, "--ignore-formatted"])).Succeeded().Output, StringComparison.Ordinal);
        await using NodeProcess node = await NodeProcess.StartedAsync(program, setup, Cancellation);
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task A_random_uuid_is_one_that_a_directory_can_be_formatted_with()
    {
        string first = (await cli.RunAsync("storage", "random-uuid")).Succeeded().Lines.Single(), second = (await cli.RunAsync("storage", "random-uuid")).Succeeded().Lines.Single();
        Assert.Equal((22, 22), (first.Length, second.Length));
        Assert.NotEqual(first, second);
    }
}
