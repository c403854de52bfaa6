using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

public sealed class RecordTests(MoldauCli cli)
{
    [Fact]
    public async Task A_topic_that_does_not_exist_cannot_be_read()
    {
        Finished run = await cli.RunAsync("consume", MoldauCli.NewName("none"), "--exit-at-end");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("UNKNOWN_TOPIC_OR_PARTITION", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_the_separator_is_an_error_and_what_came_before_is_delivered()
    {
        string topic = MoldauCli.NewName("keys");
        Finished run = await cli.RunOnAsync("a:1\nb\n", "produce", topic, "--key-separator", ":");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("line 2", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["1"], await ReadAsync(topic));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Lines_come_back_as_they_were(string codec)
    {
        string topic = MoldauCli.NewName("lines");
        string[] lines = [.. Enumerable.Range(0, 2000).Select(static i => $"line {i} " + new string('x', i % 300)), "", "ž ☃", "last"];
        (await cli.RunOnAsync(string.Join('\n', lines), "produce", topic, "--compression", codec, "--partition", "0")).Succeeded();
        Finished read = (await cli.RunAsync("consume", topic, "--from", "beginning", "--exit-at-end")).Succeeded();
        Assert.Equal(lines, read.Output.Split('\n')[..^1]);
    }

    [Fact]
    public async Task A_file_is_sent_and_the_outcome_told_as_json()
    {
        string topic = MoldauCli.NewName("file"), file = cli.PathOf(topic);
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 500).Select(static i => $"{i}"), TestContext.Current.CancellationToken);
        JsonElement told = await cli.JsonAsync("produce", topic, "--file", file);
        Assert.Equal((500, 0), (told.GetProperty("records").GetInt32(), told.GetProperty("failed").GetInt32()));
        Assert.Equal(500, (await ReadAsync(topic)).Length);
    }

    [Fact]
    public async Task Keys_headers_and_bytes_that_are_not_text_are_told_as_json()
    {
        string topic = MoldauCli.NewName("json");
        (await cli.RunOnAsync("k=v\n", "produce", topic, "--key-separator", "=", "--header", "from=test")).Succeeded();
        Finished read = (await cli.RunAsync("consume", topic, "--from", "beginning", "--exit-at-end", "--format", "json")).Succeeded();
        JsonElement record = JsonDocument.Parse(read.Lines.Single()).RootElement;
        Assert.Equal((topic, 0L, "k", "v"), (record.GetProperty("topic").GetString(), record.GetProperty("offset").GetInt64(), record.GetProperty("key").GetString(), record.GetProperty("value").GetString()));
        Assert.Equal("test", record.GetProperty("headers")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Reading_begins_at_offsets_and_times_and_ends_after_so_many()
    {
        string topic = MoldauCli.NewName("from");
        (await cli.RunOnAsync("0\n1\n2\n3\n4\n", "produce", topic)).Succeeded();
        Assert.Equal(["2", "3"], (await cli.RunAsync("consume", topic, "--from", "2", "--max", "2")).Succeeded().Lines);
        Assert.Equal(["0", "1", "2", "3", "4"], (await cli.RunAsync("consume", topic, "--from", "2001-01-01", "--exit-at-end")).Succeeded().Lines);
        Assert.Empty((await cli.RunAsync("consume", topic, "--exit-at-end")).Succeeded().Lines);
        Assert.Equal("01234", (await cli.RunAsync("consume", topic, "--from-beginning", "--exit-at-end", "--format", "raw")).Succeeded().Output);
    }

    [Fact]
    public async Task A_closed_pipe_is_no_error()
    {
        string topic = MoldauCli.NewName("pipe");
        string lines = string.Concat(Enumerable.Range(0, 50_000).Select(static i => $"{i}\n"));
        (await cli.RunOnAsync(lines, "produce", topic)).Succeeded();
        Finished run = await ChildProcess.RunAsync(
            "bash",
            ["-c", "set -o pipefail; \"$0\" consume \"$1\" --from beginning --exit-at-end --bootstrap \"$2\" | head -2", MoldauCli.Executable, topic, cli.Bootstrap],
            token: TestContext.Current.CancellationToken);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Errors);
        Assert.Equal(["0", "1"], run.Lines);
    }

    private async Task<string[]> ReadAsync(string topic) => (await cli.RunAsync("consume", topic, "--from", "beginning", "--exit-at-end")).Succeeded().Lines;
}
