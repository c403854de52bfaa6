using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Compat.KafkaJs;

/// <summary>kafkajs 2.2: old request versions, its own group protocol engine.</summary>
public sealed class KafkaJsTests(NodeFixture node)
{
    private readonly string _nodeJs = Client.Require(ForeignPrograms.KafkaJs);

    [Theory]
    [InlineData("None", "plain")]
    [InlineData("GZIP", "plain")]
    [InlineData("None", "idempotent")]
    public async Task Every_line_is_produced_and_read_back_by_a_group(string compression, string kind)
    {
        using var folder = new TemporaryFolder();
        string topic = NodeFixture.Name("kafkajs-lines"), read = folder.File("read.json");
        (await RunAsync("produce", topic, RealLog.WriteTo(folder), compression, kind)).Succeeded();

        (await RunAsync("consume", topic, $"{RealLog.Lines.Length}", topic + "-group", read)).Succeeded();

        Assert.Equal(RealLog.Lines, Json.Strings(read));
    }

    [Fact]
    public async Task Members_share_partitions_and_take_over_from_one_that_leaves()
    {
        string topic = NodeFixture.Name("kafkajs-shared");
        await new Confluent.ConfluentClient(node).CreateTopicAsync(topic, partitions: 4);

        JsonElement facts = Json.LastLine(await RunAsync("share", topic, topic + "-group"));

        Assert.Equal(["0", "1", "2", "3"], facts.Strings("shared"));
        Assert.Equal(["0", "1", "2", "3"], facts.Strings("alone"));
        Assert.Equal(["to-0", "to-1", "to-2", "to-3"], facts.Strings("read"));
    }

    [Fact]
    public async Task Topics_configurations_offsets_and_groups_are_administered()
    {
        JsonElement facts = Json.LastLine(await RunAsync("admin", NodeFixture.Name("kafkajs-admin")));

        Assert.True(facts.GetProperty("created").GetBoolean());
        Assert.False(facts.GetProperty("createdAgain").GetBoolean());
        Assert.Equal("compact", facts.GetProperty("policy").GetString());
        Assert.Equal("604800000", facts.GetProperty("retention").GetString());
        Assert.Equal(["0", "1", "2"], facts.Strings("partitions"));
        Assert.Equal(3, facts.GetProperty("offsets").GetArrayLength());
        Assert.Equal("0", facts.GetProperty("committed").GetString());
        Assert.True(facts.GetProperty("listed").GetBoolean());
        Assert.Equal("Empty", facts.GetProperty("state").GetString());
        Assert.Equal(1, facts.GetProperty("cluster").GetInt32());
        Assert.True(facts.GetProperty("gone").GetBoolean());
    }

    [Fact]
    public async Task Partitions_are_reassigned_as_one_broker_can()
    {
        JsonElement facts = Json.LastLine(await RunAsync("reassign", NodeFixture.Name("kafkajs-moved")));

        Assert.Equal(0, facts.GetProperty("under_way").GetInt32());
        Assert.NotEmpty(facts.GetProperty("refused").GetString()!);
    }

    [Fact]
    public async Task Records_are_deleted_and_offsets_found_by_time_and_reset()
    {
        JsonElement facts = Json.LastLine(await RunAsync("records", NodeFixture.Name("kafkajs-records")));

        Assert.Equal("OFFSET_OUT_OF_RANGE", facts.GetProperty("beyond").GetString());
        Assert.Equal(["1", "4"], facts.Strings("some"));
        Assert.Equal("2", facts.GetProperty("byTime").GetString());
        Assert.Equal("3", facts.GetProperty("set").GetString());
        Assert.Equal("1", facts.GetProperty("reset").GetString());
        Assert.Equal(["4", "4"], facts.Strings("all"));
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_the_error_that_says_why()
    {
        JsonElement facts = Json.LastLine(await RunAsync("refusals", NodeFixture.Name("kafkajs-refused")));

        Assert.Equal("INVALID_PARTITIONS", facts.GetProperty("widen").GetString());
        Assert.Equal("UNKNOWN_TOPIC_OR_PARTITION", facts.GetProperty("widenAbsent").GetString());
        Assert.Equal("INVALID_REPLICATION_FACTOR", facts.GetProperty("create").GetString());
        Assert.Equal("INVALID_CONFIG", facts.GetProperty("alter").GetString());
        Assert.Equal("GROUP_ID_NOT_FOUND", facts.GetProperty("deleteGroup").GetString());
        Assert.Equal("Dead", facts.GetProperty("dead").GetString());
        Assert.Equal("done", facts.GetProperty("validate").GetString());
        Assert.False(facts.GetProperty("checked").GetBoolean());
        Assert.Equal(["log.retention.hours=168", "node.id=1"], facts.Strings("broker"));
    }

    [Fact]
    public async Task The_loggers_of_a_broker_are_described() =>
        Assert.Contains("root", Json.LastLine(await RunAsync("loggers", "-")).Strings("names"));

    private Task<Finished> RunAsync(string command, string topic, params string[] arguments) => ChildProcess.RunAsync(
        _nodeJs, [ForeignPrograms.Script("kafkajs.mjs"), command, node.Bootstrap, topic, .. arguments],
        environment: new Dictionary<string, string> { ["KAFKAJS_NO_PARTITIONER_WARNING"] = "1" }, token: TestContext.Current.CancellationToken);
}
