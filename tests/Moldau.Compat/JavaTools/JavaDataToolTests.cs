using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Compat.JavaTools;

/// <summary>Apache Kafka's own producers and consumers, which run the Java client.</summary>
public sealed class JavaDataToolTests(NodeFixture node)
{
    private readonly KafkaPeer _peer = Client.RequirePeer();

    [Fact]
    public async Task A_consumer_of_an_empty_topic_ends_with_a_timeout()
    {
        string topic = NodeFixture.Name("java-empty");
        await new Confluent.ConfluentClient(node).CreateTopicAsync(topic);

        Finished ended = await ToolAsync("console-consumer", "--topic", topic, "--from-beginning", "--timeout-ms", "3000");

        Assert.Contains("Processed a total of 0 messages", ended.Errors);
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("zstd", 4)]
    public async Task Every_line_goes_through_the_console_producer_and_consumer(string compression, int codec)
    {
        string topic = NodeFixture.Name("java-console");
        await new Confluent.ConfluentClient(node).CreateTopicAsync(topic);
        string input = string.Concat(RealLog.Lines.Select(line => line + "\n"));
        (await ToolAsync("console-producer", ["--topic", topic, "--compression-codec", compression], input)).Succeeded();

        Finished read = (await ToolAsync(
            "console-consumer", "--topic", topic, "--from-beginning", "--timeout-ms", "60000", "--max-messages", $"{RealLog.Lines.Length}")).Succeeded();

        Assert.Equal(input, read.Output);
        Codecs.AreOf(node, topic, codec);
    }

    [Fact]
    public async Task The_performance_tools_send_and_read_every_record()
    {
        string topic = NodeFixture.Name("java-perf");
        await new Confluent.ConfluentClient(node).CreateTopicAsync(topic, partitions: 2);

        Finished sent = (await ToolAsync("producer-perf", "--topic", topic, "--num-records", "20000", "--record-size", "500", "--throughput", "-1")).Succeeded();
        Finished read = (await ToolAsync("consumer-perf", "--topic", topic, "--num-records", "20000", "--timeout", "60000")).Succeeded();

        Assert.Contains(sent.Lines, line => line.StartsWith("20000 records sent", StringComparison.Ordinal));
        string[] columns = read.Lines[0].Split(", "), values = read.Lines[1].Split(", ");
        Assert.Equal("20000", values[Array.IndexOf(columns, "data.consumed.in.nMsg")]);
    }

    [Fact]
    public async Task The_verifiable_tools_agree_on_what_was_acknowledged()
    {
        string topic = NodeFixture.Name("java-verifiable");
        await new Confluent.ConfluentClient(node).CreateTopicAsync(topic, partitions: 3);
        const int Count = 2000;

        JsonElement[] sent = Told(await ToolAsync("verifiable-producer", "--topic", topic, "--max-messages", $"{Count}", "--value-prefix", "7"));
        JsonElement[] read = Told(await ToolAsync(
            "verifiable-consumer", "--topic", topic, "--group-id", topic + "-group", "--max-messages", $"{Count}", "--verbose", "--reset-policy", "earliest"));

        Assert.Equal(Count, Named(sent, "producer_send_success").Length);
        Assert.Empty(Named(sent, "producer_send_error"));
        Assert.Equal(Places(Named(sent, "producer_send_success")), Places(Named(read, "record_data")));
        Assert.All(Named(read, "offsets_committed"), committed => Assert.True(committed.GetProperty("success").GetBoolean()));
    }

    private static JsonElement[] Told(Finished finished) =>
        [.. finished.Succeeded().Lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];

    private static JsonElement[] Named(JsonElement[] told, string name) => [.. told.Where(line => line.GetProperty("name").GetString() == name)];

    private static string[] Places(JsonElement[] records) => [.. records
        .Select(record => $"{record.GetProperty("partition")} {record.GetProperty("offset"),8} {record.GetProperty("value")}")
        .Order(StringComparer.Ordinal)];

    private Task<Finished> ToolAsync(string tool, params string[] arguments) => ToolAsync(tool, arguments, null);

    private Task<Finished> ToolAsync(string tool, string[] arguments, string? input) =>
        _peer.RunToolAsync([tool, "--bootstrap-server", node.Bootstrap, .. arguments], input, token: TestContext.Current.CancellationToken);
}
