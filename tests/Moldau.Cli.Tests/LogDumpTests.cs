using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

public sealed class LogDumpTests(MoldauCli cli)
{
    private const string FirstSegment = "00000000000000000000.log";

    [Fact]
    public async Task A_path_that_does_not_exist_makes_no_sense()
    {
        Finished run = await cli.RunAsync("log", "dump", cli.PathOf("nowhere"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nowhere: there is no such file or folder", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torn_segment_is_told_with_its_place_and_the_rest_is_shown()
    {
        string topic = await ProducedAsync("torn", "a\nb\nc\n");
        string folder = Directory.CreateDirectory(cli.PathOf(MoldauCli.NewName("torn"))).FullName, copy = Path.Combine(folder, FirstSegment);
        byte[] whole = await File.ReadAllBytesAsync(Segment(topic), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(copy, [.. whole, .. whole[..30]], TestContext.Current.CancellationToken);
        Finished run = await cli.RunAsync("log", "dump", "--records", "--json", folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{copy}, byte {whole.Length}: ", run.Errors, StringComparison.Ordinal);
        JsonElement[] lines = MoldauCli.Lines(run);
        Assert.Equal(["a", "b", "c"], OfType(lines, "record").Select(static record => record.GetProperty("value").GetString()));
        Assert.Equal(whole.Length, Assert.Single(OfType(lines, "damage")).GetProperty("position").GetInt64());
    }

    [Fact]
    public async Task Changed_bytes_are_found_by_a_deep_look_and_what_follows_is_shown()
    {
        string topic = await ProducedAsync("changed", "first\n");
        (await cli.RunOnAsync("second\n", "produce", topic)).Succeeded();
        string folder = Directory.CreateDirectory(cli.PathOf(MoldauCli.NewName("changed"))).FullName, copy = Path.Combine(folder, FirstSegment);
        byte[] bytes = await File.ReadAllBytesAsync(Segment(topic), TestContext.Current.CancellationToken);
        bytes[65] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await cli.RunAsync("log", "dump", folder)).ExitCode);
        Finished run = await cli.RunAsync("log", "dump", "--deep", "--records", "--json", folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{copy}, byte 0: the checksum of the batch at offset 0 is wrong", run.Errors, StringComparison.Ordinal);
        JsonElement[] lines = MoldauCli.Lines(run);
        Assert.Equal([false, true], OfType(lines, "batch").Select(static batch => batch.GetProperty("crcValid").GetBoolean()));
        Assert.Equal("second", Assert.Single(OfType(lines, "record")).GetProperty("value").GetString());
    }

    [Fact]
    public async Task Batches_are_shown_for_people_and_records_when_they_are_asked_for()
    {
        string topic = await ProducedAsync("people", "k=hello\n", "--key-separator", "=", "--header", "from=test", "--compression", "zstd");
        string plain = (await cli.RunAsync("log", "dump", Segment(topic))).Succeeded().Output, records = (await cli.RunAsync("log", "dump", "--records", Segment(topic))).Succeeded().Output;
        Assert.Contains("zstd", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", plain, StringComparison.Ordinal);
        Assert.Contains("k\thello\tfrom=test", records, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metadata_log_and_committed_offsets_are_shown_by_their_names()
    {
        string topic = await ProducedAsync("named", "a\n"), group = MoldauCli.NewName("group");
        (await cli.RunAsync("consume", topic, "--group", group, "--from", "beginning", "--max", "1")).Succeeded();
        JsonElement[] lines = MoldauCli.Lines(await cli.RunAsync("log", "dump", cli.DataFolder, "--json"));
        JsonElement[] decoded = [.. OfType(lines, "record").Where(static record => record.TryGetProperty("decoded", out _)).Select(static record => record.GetProperty("decoded"))];
        Assert.Contains(decoded, record => record.TryGetProperty("type", out JsonElement type) && type.ValueEquals("TopicRecord") && record.GetProperty("data").GetProperty("name").ValueEquals(topic));
        JsonElement commit = decoded.Last(record => record.TryGetProperty("key", out JsonElement key) && key.GetProperty("type").ValueEquals("OffsetCommitKey") && key.GetProperty("data").GetProperty("group").ValueEquals(group));
        Assert.Equal(1, commit.GetProperty("value").GetProperty("data").GetProperty("offset").GetInt64());
        Assert.Contains(OfType(lines, "property"), static property => property.GetProperty("name").ValueEquals("leaderEpoch"));
    }

    private async Task<string> ProducedAsync(string name, string input, params string[] options)
    {
        string topic = MoldauCli.NewName(name);
        (await cli.RunOnAsync(input, ["produce", topic, .. options])).Succeeded();
        return topic;
    }

    private string Segment(string topic) => Path.Combine(cli.DataFolder, topic + "-0", FirstSegment);

    private static JsonElement[] OfType(JsonElement[] lines, string type) => [.. lines.Where(line => line.GetProperty("type").ValueEquals(type))];
}
