using Moldau.Processes;

namespace Moldau.Compat.Kcat;

/// <summary>kcat, as Debian ships it: librdkafka 2.0 with every codec.</summary>
public sealed class KcatTests(NodeFixture node)
{
    private readonly string _kcat = Client.Require(ForeignPrograms.Kcat);

    [Fact]
    public async Task A_partition_that_does_not_exist_cannot_be_read()
    {
        string topic = await ProducedAsync("kcat-missing-partition");

        Finished failed = await KcatAsync(["-C", "-t", topic, "-p", "9", "-o", "beginning", "-e", "-q"]);

        Assert.NotEqual(0, failed.ExitCode);
        Assert.StartsWith($"% ERROR: Topic {topic}", failed.Errors);
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("gzip", 1)]
    [InlineData("snappy", 2)]
    [InlineData("lz4", 3)]
    [InlineData("zstd", 4)]
    public async Task Every_line_comes_back_whatever_the_codec(string name, int codec)
    {
        string topic = await ProducedAsync("kcat-codec", "-z", name);

        Assert.Equal(RealLog.NonEmptyLines, await ReadAsync(topic));
        Codecs.AreOf(node, topic, codec);
    }

    [Fact]
    public async Task Keys_and_headers_come_back()
    {
        string topic = NodeFixture.Name("kcat-keys");
        (await KcatAsync(["-P", "-t", topic, "-p", "0", "-K", ":", "-H", "colour=červená", "-Z"], "a:1\nb:2\nc:\n")).Succeeded();

        Finished read = (await KcatAsync(["-C", "-t", topic, "-o", "beginning", "-e", "-q", "-Z", "-f", "%o %k %S %s %h\\n"])).Succeeded();

        Assert.Equal(["0 a 1 1 colour=červená", "1 b 1 2 colour=červená", "2 c -1 NULL colour=červená"], read.Lines);
    }

    [Fact]
    public async Task Idempotent_production_leaves_every_line_once()
    {
        string topic = await ProducedAsync("kcat-idempotent", "-X", "enable.idempotence=true", "-X", "batch.num.messages=10");

        Assert.Equal(RealLog.NonEmptyLines, await ReadAsync(topic));
    }

    [Fact]
    public async Task Reading_starts_at_an_offset_and_counts_back_from_the_end()
    {
        string topic = await ProducedAsync("kcat-offsets");

        Assert.Equal(RealLog.NonEmptyLines[50..], (await KcatAsync(["-C", "-t", topic, "-p", "0", "-o", "50", "-e", "-q"])).Succeeded().Lines);
        Assert.Equal(RealLog.NonEmptyLines[^3..], (await KcatAsync(["-C", "-t", topic, "-p", "0", "-o", "-3", "-e", "-q"])).Succeeded().Lines);
    }

    [Fact]
    public async Task The_listing_names_the_broker_and_the_partitions()
    {
        string topic = await ProducedAsync("kcat-listing");

        string[] listing = (await KcatAsync(["-L", "-t", topic])).Succeeded().Lines;

        Assert.Contains(listing, line => line.StartsWith($"  broker 1 at {node.Bootstrap}", StringComparison.Ordinal));
        Assert.Contains($"  topic \"{topic}\" with 1 partitions:", listing);
        Assert.Contains("    partition 0, leader 1, replicas: 1, isrs: 1", listing);
    }

    [Fact]
    public async Task An_offset_is_found_by_time()
    {
        string topic = await ProducedAsync("kcat-query");

        Assert.Equal([$"{topic} [0] offset 0"], (await KcatAsync(["-Q", "-t", $"{topic}:0:1600000000000"])).Succeeded().Lines);
        Assert.Equal([$"{topic} [0] offset {RealLog.NonEmptyLines.Length}"], (await KcatAsync(["-Q", "-t", $"{topic}:0:-1"])).Succeeded().Lines);
        Assert.Equal([$"{topic} [0] offset 0"], (await KcatAsync(["-Q", "-t", $"{topic}:0:-2"])).Succeeded().Lines);
    }

    [Fact]
    public async Task A_group_reads_everything_once_and_goes_on_where_it_stopped()
    {
        string topic = await ProducedAsync("kcat-group");
        string[] group = ["-G", topic + "-group", "-q", "-e", "-X", "auto.offset.reset=earliest", "-X", "session.timeout.ms=10000", topic];
        Assert.Equal(RealLog.NonEmptyLines, (await KcatAsync(group)).Succeeded().Lines);
        (await KcatAsync(["-P", "-t", topic, "-p", "0"], "later\n")).Succeeded();

        Assert.Equal(["later"], (await KcatAsync(group)).Succeeded().Lines);
    }

    [Fact]
    public async Task The_json_envelope_holds_offset_and_time()
    {
        string topic = NodeFixture.Name("kcat-json");
        (await KcatAsync(["-P", "-t", topic, "-p", "0"], "žluťoučký kůň\n")).Succeeded();

        string line = Assert.Single((await KcatAsync(["-C", "-t", topic, "-o", "beginning", "-e", "-q", "-J"])).Succeeded().Lines);

        Assert.Contains("\"offset\":0,\"tstype\":\"create\"", line);
        Assert.Contains("\"payload\":\"žluťoučký kůň\"", line);
    }

    private async Task<string> ProducedAsync(string name, params string[] options)
    {
        string topic = NodeFixture.Name(name);
        using var folder = new TemporaryFolder();
        (await KcatAsync(["-P", "-t", topic, "-p", "0", "-l", .. options, RealLog.WriteTo(folder)])).Succeeded();
        return topic;
    }

    private async Task<string[]> ReadAsync(string topic) => (await KcatAsync(["-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q"])).Succeeded().Lines;

    private Task<Finished> KcatAsync(IEnumerable<string> arguments, string? input = null) =>
        ChildProcess.RunAsync(_kcat, ["-b", node.Bootstrap, "-m", "30", .. arguments], input, token: TestContext.Current.CancellationToken);
}
