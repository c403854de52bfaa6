using Moldau.Processes;

namespace Moldau.Compat.JavaTools;

/// <summary>Apache Kafka's own tools for topics, configurations and groups.</summary>
public sealed class JavaAdminToolTests(NodeFixture node)
{
    private readonly KafkaPeer _peer = Client.RequirePeer();

    [Fact]
    public async Task A_topic_that_exists_is_refused_by_name()
    {
        string topic = await CreatedAsync("java-twice");

        Finished refused = await ToolAsync("topics", "--create", "--topic", topic);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"Topic '{topic}' already exists.", refused.Output);
    }

    [Fact]
    public async Task Topics_are_made_listed_described_widened_and_deleted()
    {
        string topic = await CreatedAsync("java-topics", "--partitions", "3", "--config", "retention.ms=3600000");
        (await ToolAsync("topics", "--alter", "--topic", topic, "--partitions", "4")).Succeeded();

        string[] described = (await ToolAsync("topics", "--describe", "--topic", topic)).Succeeded().Lines;
        Assert.Contains("PartitionCount: 4\tReplicationFactor: 1", described[0]);
        Assert.Contains("retention.ms=3600000", described[0]);
        Assert.Equal(4, described.Count(line => line.Contains("Leader: 1\tReplicas: 1\tIsr: 1", StringComparison.Ordinal)));
        Assert.Contains(topic, (await ToolAsync("topics", "--list")).Succeeded().Lines);

        (await ToolAsync("topics", "--delete", "--topic", topic)).Succeeded();
        Assert.DoesNotContain(topic, (await ToolAsync("topics", "--list")).Succeeded().Lines);
    }

    [Fact]
    public async Task Configurations_are_changed_and_described()
    {
        string topic = await CreatedAsync("java-configs");
        string[] ofTopic = ["--entity-type", "topics", "--entity-name", topic];
        (await ToolAsync("configs", ["--alter", .. ofTopic, "--add-config", "retention.ms=123456,cleanup.policy=[compact,delete]"])).Succeeded();

        string output = (await ToolAsync("configs", ["--describe", .. ofTopic])).Succeeded().Output;

        Assert.Contains("retention.ms=123456 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=123456", output);
        Assert.Contains("cleanup.policy=compact,delete", output);
        Finished refused = await ToolAsync("configs", ["--alter", .. ofTopic, "--add-config", "retention.ms=soon"]);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("InvalidConfigurationException", refused.Output + refused.Errors);
    }

    [Fact]
    public async Task Groups_are_listed_described_reset_and_deleted()
    {
        string topic = await CreatedAsync("java-groups"), group = topic + "-group";
        (await ToolAsync("console-producer", ["--topic", topic], "a\nb\nc\n")).Succeeded();
        (await ToolAsync("console-consumer", "--topic", topic, "--group", group, "--from-beginning", "--max-messages", "2", "--timeout-ms", "60000")).Succeeded();

        Assert.Contains(group, (await ToolAsync("consumer-groups", "--list")).Succeeded().Lines);
        string row = Row(await ToolAsync("consumer-groups", "--describe", "--group", group), group);
        Assert.StartsWith($"{group} {topic} 0 2 3 1 ", row);
        string reset = Row(await ToolAsync("consumer-groups", "--reset-offsets", "--to-earliest", "--group", group, "--topic", topic, "--execute"), group);
        Assert.Equal($"{group} {topic} 0 0", reset);
        (await ToolAsync("consumer-groups", "--delete", "--group", group)).Succeeded();
        Assert.DoesNotContain(group, (await ToolAsync("consumer-groups", "--list")).Succeeded().Lines);
    }

    [Fact]
    public async Task Offsets_are_got_from_both_ends()
    {
        string topic = await CreatedAsync("java-offsets", "--partitions", "2");
        (await ToolAsync("console-producer", ["--topic", topic, "--reader-property", "parse.key=true", "--reader-property", "key.separator=:"], "k:a\nk:b\n")).Succeeded();

        string[] latest = (await ToolAsync("get-offsets", "--topic", topic)).Succeeded().Lines;
        string[] earliest = (await ToolAsync("get-offsets", "--topic", topic, "--time", "earliest")).Succeeded().Lines;

        Assert.Equal(2, latest.Sum(line => int.Parse(line.Split(':')[2])));
        Assert.Equal([$"{topic}:0:0", $"{topic}:1:0"], earliest);
    }

    [Fact]
    public async Task Every_api_that_is_advertised_is_usable_by_the_java_client()
    {
        string[] lines = (await ToolAsync("broker-api-versions")).Succeeded().Lines;

        Assert.StartsWith($"{node.Bootstrap} (id: 1 rack: null isFenced: false) -> (", lines[0]);
        Assert.Contains(lines, line => line.Trim() == "Produce(0): 0 to 13 [usable: 13],");
        Assert.Contains(lines, line => line.Trim() == "Fetch(1): 4 to 18 [usable: 18],");
        Assert.Contains(lines, line => line.Trim() == "JoinGroup(11): 0 to 9 [usable: 9],");
    }

    private static string Row(Finished finished, string group) => string.Join(
        ' ', finished.Succeeded().Lines.Single(line => line.StartsWith(group, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private async Task<string> CreatedAsync(string name, params string[] options)
    {
        string topic = NodeFixture.Name(name);
        (await ToolAsync("topics", ["--create", "--topic", topic, .. options])).Succeeded();
        return topic;
    }

    private Task<Finished> ToolAsync(string tool, params string[] arguments) => ToolAsync(tool, arguments, null);

    private Task<Finished> ToolAsync(string tool, string[] arguments, string? input) =>
        _peer.RunToolAsync([tool, "--bootstrap-server", node.Bootstrap, .. arguments], input, token: TestContext.Current.CancellationToken);
}
