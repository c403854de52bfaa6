using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

public sealed class LogVerifyTests(MoldauCli cli)
{
    [Fact]
    public async Task A_running_node_is_left_alone()
    {
        Finished run = await cli.RunAsync("log", "verify", cli.DataFolder);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("another node may be running", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_makes_no_sense() => Assert.Equal(2, (await cli.RunAsync("log", "verify", cli.PathOf("nowhere"))).ExitCode);

    [Fact]
    public async Task A_torn_log_is_damage_and_what_a_start_does_with_it_is_told()
    {
        string topic = MoldauCli.NewName("verified");
        (await cli.RunOnAsync("a\nb\n", "produce", topic)).Succeeded();
        string directory = cli.PathOf(MoldauCli.NewName("stopped")), folder = Directory.CreateDirectory(Path.Combine(directory, topic + "-0")).FullName;
        foreach (string name in new[] { "00000000000000000000.log", "leader-epoch-checkpoint", "partition.metadata" }) File.Copy(Path.Combine(cli.DataFolder, topic + "-0", name), Path.Combine(folder, name));
        File.Copy(Path.Combine(cli.DataFolder, "meta.properties"), Path.Combine(directory, "meta.properties"));
        Assert.Equal(0, (await cli.RunAsync("log", "verify", directory)).ExitCode);

        string log = Path.Combine(folder, "00000000000000000000.log");
        long length = new FileInfo(log).Length;
        await File.AppendAllTextAsync(log, "torn", TestContext.Current.CancellationToken);
        Finished run = await cli.RunAsync("log", "verify", directory, "--json");
        Assert.Equal(1, run.ExitCode);
        JsonElement damage = JsonDocument.Parse(run.Output).RootElement.GetProperty("damages")[0];
        Assert.Equal((log, length, "cut", length), (damage.GetProperty("file").GetString(), damage.GetProperty("position").GetInt64(), damage.GetProperty("outcome").GetString(), damage.GetProperty("lengthAfterStart").GetInt64()));
        Assert.Contains($"cut at byte {length}", (await cli.RunAsync("log", "verify", directory)).Output, StringComparison.Ordinal);
        Assert.Equal(length + 4, new FileInfo(log).Length);
    }
}
