using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Compat.KafkaPython;

/// <summary>kafka-python 2.0, as Debian ships it: it picks the oldest request versions that a node still serves.</summary>
public sealed class KafkaPythonTests(NodeFixture node)
{
    private const int InvalidConfig = 40;
    private const int DynamicBrokerConfig = 2;
    private readonly string _python = Client.Require(ForeignPrograms.KafkaPython);

    [Theory]
    [InlineData("none", "none")]
    [InlineData("gzip", "none")]
    [InlineData("none", "group")]
    public async Task Every_line_is_produced_and_read_back(string compression, string reader)
    {
        using var folder = new TemporaryFolder();
        string topic = NodeFixture.Name("python-lines"), read = folder.File("read.json");
        JsonElement produced = Json.LastLine(await RunAsync("produce", topic, RealLog.WriteTo(folder), compression));
        Assert.Equal(RealLog.Lines.Length - 1, produced.GetProperty("offset").GetInt64());

        JsonElement facts = Json.LastLine(await RunAsync("consume", topic, $"{RealLog.Lines.Length}", reader == "group" ? topic + "-group" : reader, read));

        Assert.Equal(RealLog.Lines, Json.Strings(read));
        Assert.Equal(10, facts.GetProperty("offsetForTime").GetInt64());
        Assert.Equal(0, facts.GetProperty("begin").GetInt64());
        Assert.Equal(RealLog.Lines.Length, facts.GetProperty("end").GetInt64());
        Assert.Equal("kafka-python", facts.GetProperty("origin").GetString());
    }

    [Fact]
    public async Task Members_share_partitions_commit_and_take_over_from_one_that_leaves()
    {
        string topic = NodeFixture.Name("python-shared");
        await new Confluent.ConfluentClient(node).CreateTopicAsync(topic, partitions: 4);

        JsonElement facts = Json.LastLine(await RunAsync("share", topic, topic + "-group"));

        Assert.Equal(["0", "1", "2", "3"], facts.Strings("shared"));
        Assert.Equal(["0", "1", "2", "3"], facts.Strings("alone"));
        Assert.Equal(["to-0", "to-1", "to-2", "to-3"], facts.Strings("read"));
        Assert.Equal(1, facts.GetProperty("committed").GetInt64());
        Assert.Equal("note", facts.GetProperty("note").GetString());
    }

    [Fact]
    public async Task Topics_configurations_offsets_and_groups_are_administered()
    {
        JsonElement facts = Json.LastLine(await RunAsync("admin", NodeFixture.Name("python-admin")));

        Assert.Equal("refused", facts.GetProperty("again").GetString());
        Assert.Equal(["0", "1", "2"], facts.Strings("partitions"));
        Assert.Equal("3600000", facts.GetProperty("retention").GetString());
        Assert.True(facts.GetProperty("listed").GetBoolean());
        Assert.Equal("Empty", facts.GetProperty("state").GetString());
        Assert.Equal(0, facts.GetProperty("offset").GetInt64());
        Assert.True(facts.GetProperty("gone").GetBoolean());
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_the_error_that_says_why()
    {
        JsonElement facts = Json.LastLine(await RunAsync("refusals", NodeFixture.Name("python-refused")));

        Assert.Equal("InvalidReplicationFactorError", facts.GetProperty("wide").GetString());
        Assert.Equal("InvalidTopicError", facts.GetProperty("named").GetString());
        Assert.Equal("done", facts.GetProperty("validated").GetString());
        Assert.Equal("InvalidPartitionsError", facts.GetProperty("narrowed").GetString());
        Assert.Equal("UnknownTopicOrPartitionError", facts.GetProperty("widened").GetString());
        Assert.Equal("UnknownTopicOrPartitionError", facts.GetProperty("removed").GetString());
        Assert.Equal(InvalidConfig, facts.GetProperty("altered").GetInt32());
        Assert.Equal("GroupIdNotFoundError", facts.GetProperty("group").GetString());
        Assert.Equal("Dead", facts.GetProperty("state").GetString());
        Assert.False(facts.GetProperty("made").GetBoolean());
    }

    [Fact]
    public async Task A_broker_is_described_and_changed_while_it_runs()
    {
        JsonElement facts = Json.LastLine(await RunAsync("broker", NodeFixture.Name("python-broker")));

        Assert.Equal("1", facts.GetProperty("id").GetString());
        Assert.True(facts.GetProperty("read_only").GetBoolean());
        Assert.Equal("0.8", facts.GetProperty("changed").GetString());
        Assert.Equal(DynamicBrokerConfig, facts.GetProperty("source").GetInt32());
        Assert.Equal(["0.8", "0.9"], facts.Strings("synonyms"));
        Assert.Equal(1, facts.GetProperty("brokers").GetInt32());
        Assert.Equal(["1", "1"], facts.Strings("leaders"));
        Assert.Equal(["-1", "0"], facts.Strings("offsets"));
        Assert.Equal("kept", facts.GetProperty("note").GetString());
    }

    private Task<Finished> RunAsync(string command, string topic, params string[] arguments) => ChildProcess.RunAsync(
        _python, [ForeignPrograms.Script("kafka_python.py"), command, node.Bootstrap, topic, .. arguments], token: TestContext.Current.CancellationToken);
}
