using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

public sealed class ProtocolTests(MoldauCli cli)
{
    [Fact]
    public async Task A_wrong_case_is_counted_described_and_ends_with_1()
    {
        string folder = cli.PathOf(MoldauCli.NewName("golden"));
        Directory.CreateDirectory(folder);
        const string right = """{"m":"HeartbeatResponse","kind":"rpc","key":12,"v":0,"variant":"default","json":{"errorCode":0},"hex":"0000"}""";
        const string wrong = """{"m":"HeartbeatResponse","kind":"rpc","key":12,"v":0,"variant":"default","json":{"errorCode":1},"hex":"0000"}""";
        await File.WriteAllTextAsync(Path.Combine(folder, "cases.jsonl"), $"{right}\n{wrong}\n", TestContext.Current.CancellationToken);
        Finished run = await cli.RunAsync("protocol", "verify", folder, "--json");
        Assert.Equal(1, run.ExitCode);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal((1, 1), (report.GetProperty("right").GetInt32(), report.GetProperty("wrong").GetInt32()));
        Assert.Contains("cases.jsonl:2", report.GetProperty("faults")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dump_is_json_with_every_message()
    {
        JsonElement dump = JsonDocument.Parse((await cli.RunAsync("protocol", "dump")).Succeeded().Output).RootElement;
        Assert.Equal(286, dump.GetArrayLength());
    }
}
