using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Compat.Platformatic;

/// <summary>@platformatic/kafka 2: a young client that speaks the newest request versions it knows.</summary>
public sealed class PlatformaticTests(NodeFixture node)
{
    private readonly string _nodeJs = Client.Require(ForeignPrograms.Platformatic);

    [Theory]
    [InlineData("none", "plain")]
    [InlineData("gzip", "plain")]
    [InlineData("zstd", "plain")]
    [InlineData("none", "idempotent")]
    public async Task Every_line_is_produced_and_read_back_by_a_group(string compression, string kind)
    {
        using var folder = new TemporaryFolder();
        string topic = NodeFixture.Name("platformatic-lines"), read = folder.File("read.json");
        (await RunAsync("produce", topic, RealLog.WriteTo(folder), compression, kind)).Succeeded();

        JsonElement facts = Json.LastLine(await RunAsync("consume", topic, $"{RealLog.Lines.Length}", topic + "-group", read));

        Assert.Equal(RealLog.Lines, Json.Strings(read));
        Assert.Equal($"{RealLog.Lines.Length}", facts.GetProperty("end").GetString());
        Assert.Equal($"{RealLog.Lines.Length}", facts.GetProperty("committed").GetString());
        Assert.Equal("platformatic", facts.GetProperty("origin").GetString());
    }

    [Fact]
    public async Task Members_share_partitions_and_take_over_from_one_that_leaves()
    {
        string topic = NodeFixture.Name("platformatic-shared");
        await new Confluent.ConfluentClient(node).CreateTopicAsync(topic, partitions: 4);

        JsonElement facts = Json.LastLine(await RunAsync("share", topic, topic + "-group"));

        Assert.Equal(["0", "1", "2", "3"], facts.Strings("shared"));
        Assert.Equal(["0", "1", "2", "3"], facts.Strings("alone"));
        Assert.Equal(["to-0", "to-1", "to-2", "to-3"], facts.Strings("read"));
    }

    [Fact]
    public async Task Topics_configurations_offsets_and_groups_are_administered()
    {
        JsonElement facts = Json.LastLine(await RunAsync("admin", NodeFixture.Name("platformatic-admin")));

        Assert.Equal(2, facts.GetProperty("created").GetInt32());
        Assert.Equal("refused", facts.GetProperty("again").GetString());
        Assert.Equal("compact", facts.GetProperty("policy").GetString());
        Assert.Equal("3600000", facts.GetProperty("retention").GetString());
        Assert.Equal("0", facts.GetProperty("committed").GetString());
        Assert.True(facts.GetProperty("listed").GetBoolean());
        Assert.Equal("Empty", facts.GetProperty("state").GetString(), ignoreCase: true);
        Assert.True(facts.GetProperty("gone").GetBoolean());
    }

    [Fact]
    public async Task Records_are_deleted_directories_described_and_offsets_taken_back()
    {
        JsonElement facts = Json.LastLine(await RunAsync("records", NodeFixture.Name("platformatic-records")));

        Assert.Equal(["0", "4"], facts.Strings("bounds"));
        Assert.Equal("3", facts.GetProperty("removed").GetString());
        Assert.Equal("3", facts.GetProperty("earliest").GetString());
        Assert.True(facts.GetProperty("size").GetInt64() > 0);
        Assert.Equal(0, facts.GetProperty("left").GetInt32());
    }

    private Task<Finished> RunAsync(string command, string topic, params string[] arguments) => ChildProcess.RunAsync(
        _nodeJs, [ForeignPrograms.Script("platformatic.mjs"), command, node.Bootstrap, topic, .. arguments], token: TestContext.Current.CancellationToken);
}
