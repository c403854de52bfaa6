using Moldau.Processes;

namespace Moldau.Compat.JavaTools;

/// <summary>Apache Kafka's own tools for the quorum, features, leaders, assignments, and configurations that are neither a topic's nor a broker's.</summary>
public sealed class JavaClusterToolTests(NodeFixture node)
{
    private readonly KafkaPeer _peer = Client.RequirePeer();

    [Fact]
    public async Task The_quorum_is_described_and_keeps_its_voter()
    {
        string status = (await ToolAsync("metadata-quorum", "describe", "--status")).Succeeded().Output;
        Assert.Matches("LeaderId: +1\n", status);
        Assert.Matches("CurrentVoters: +\\[\\{\"id\": 1, \"directoryId\": \"[^\"]+\", \"endpoints\": \\[\"[A-Z]+://127.0.0.1:\\d+\"\\]\\}\\]", status);
        string[] rows = (await ToolAsync("metadata-quorum", "describe", "--replication")).Succeeded().Lines;
        Assert.Matches("^1\\s.*\\sLeader\\s*$", rows[^1]);

        string directory = status.Split("\"directoryId\": \"")[1].Split('"')[0];
        Finished removed = await ToolAsync("metadata-quorum", "remove-controller", "--controller-id", "1", "--controller-directory-id", directory);
        Assert.NotEqual(0, removed.ExitCode);
        Assert.Contains("VoterNotFoundException", removed.Output + removed.Errors);
    }

    [Fact]
    public async Task Features_are_described_lowered_and_raised()
    {
        Assert.Contains("FinalizedVersionLevel: 2", Line(await ToolAsync("features", "describe"), "Feature: share.version"));
        Assert.Contains("share.version can be downgraded to 0.", (await ToolAsync("features", "downgrade", "--feature", "share.version=0", "--dry-run")).Succeeded().Output);
        Assert.Contains("share.version was disabled.", (await ToolAsync("features", "disable", "--feature", "share.version")).Succeeded().Output);
        Assert.Contains("FinalizedVersionLevel: 0", Line(await ToolAsync("features", "describe"), "Feature: share.version"));
        Assert.Contains("share.version was upgraded to 2.", (await ToolAsync("features", "upgrade", "--feature", "share.version=2")).Succeeded().Output);

        Finished refused = await ToolAsync("features", "upgrade", "--feature", "no.such.version=1");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Invalid update version 1 for feature no.such.version. Local controller 1 does not support this feature.", refused.Output + refused.Errors);
    }

    [Fact]
    public async Task Leaders_that_need_no_election_keep_their_place()
    {
        string topic = await CreatedAsync("java-elected");

        Assert.Contains($"Valid replica already elected for partitions {topic}-0",
            (await ToolAsync("leader-election", "--election-type", "unclean", "--topic", topic, "--partition", "0")).Succeeded().Output);
        (await ToolAsync("leader-election", "--election-type", "preferred", "--all-topic-partitions")).Succeeded();
        Finished refused = await ToolAsync("leader-election", "--election-type", "preferred", "--topic", topic, "--partition", "9");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("UnknownTopicOrPartitionException", refused.Output + refused.Errors);
    }

    [Fact]
    public async Task Partitions_are_reassigned_as_one_broker_can()
    {
        using var folder = new TemporaryFolder();
        string topic = await CreatedAsync("java-moved");
        string topics = Written(folder, "topics.json", $$"""{"version":1,"topics":[{"topic":"{{topic}}"}]}""");
        string there = Written(folder, "there.json", $$"""{"version":1,"partitions":[{"topic":"{{topic}}","partition":0,"replicas":[1],"log_dirs":["any"]}]}""");
        string nowhere = Written(folder, "nowhere.json", $$"""{"version":1,"partitions":[{"topic":"{{topic}}","partition":0,"replicas":[9],"log_dirs":["any"]}]}""");

        string proposed = (await ToolAsync("reassign", "--generate", "--topics-to-move-json-file", topics, "--broker-list", "1")).Succeeded().Output;
        Assert.Contains($$"""{"topic":"{{topic}}","partition":0,"replicas":[1],"log_dirs":["any"]}""", proposed);
        Assert.Contains($"Successfully started partition reassignment for {topic}-0", (await ToolAsync("reassign", "--execute", "--reassignment-json-file", there)).Succeeded().Output);
        Assert.Contains($"Reassignment of partition {topic}-0 is completed.", (await ToolAsync("reassign", "--verify", "--reassignment-json-file", there)).Succeeded().Output);
        Assert.Contains("No partition reassignments found.", (await ToolAsync("reassign", "--list")).Succeeded().Output);
        Assert.Contains("None of the specified partition reassignments are active.", (await ToolAsync("reassign", "--cancel", "--reassignment-json-file", there)).Succeeded().Output);
        Finished refused = await ToolAsync("reassign", "--execute", "--reassignment-json-file", nowhere);
        Assert.Contains("Unknown broker id 9", refused.Output + refused.Errors);
    }

    [Fact]
    public async Task The_cluster_tells_its_id_and_its_nodes_and_keeps_who_is_not_there_out()
    {
        Assert.Matches("Cluster ID: [A-Za-z0-9_-]{22}", (await ToolAsync("cluster", "cluster-id")).Succeeded().Output);
        Assert.Matches("1 +127.0.0.1 +\\d+ +null +unfenced +broker", (await ToolAsync("cluster", "list-endpoints")).Succeeded().Output);
        Finished unknown = await ToolAsync("cluster", "unregister", "--id", "9");
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("BrokerIdNotRegisteredException", unknown.Output + unknown.Errors);
    }

    [Fact]
    public async Task Groups_subscriptions_and_loggers_are_configured()
    {
        string group = NodeFixture.Name("java-group"), metrics = NodeFixture.Name("java-metrics");
        string[] ofGroup = ["--entity-type", "groups", "--entity-name", group], ofLoggers = ["--entity-type", "broker-loggers", "--entity-name", "1"];

        (await ToolAsync("configs", ["--alter", .. ofGroup, "--add-config", "consumer.session.timeout.ms=50000"])).Succeeded();
        Assert.Contains(
            "consumer.session.timeout.ms=50000 sensitive=false synonyms={DYNAMIC_GROUP_CONFIG:consumer.session.timeout.ms=50000, DEFAULT_CONFIG:group.consumer.session.timeout.ms=45000}",
            (await ToolAsync("configs", ["--describe", .. ofGroup])).Succeeded().Output);
        Assert.Contains($"Dynamic configs for group {group} are:", (await ToolAsync("configs", "--describe", "--entity-type", "groups")).Succeeded().Output);
        Finished refused = await ToolAsync("configs", ["--alter", .. ofGroup, "--add-config", "consumer.session.timeout.ms=1"]);
        Assert.Contains("InvalidConfigurationException", refused.Output + refused.Errors);
        (await ToolAsync("configs", ["--alter", .. ofGroup, "--delete-config", "consumer.session.timeout.ms"])).Succeeded();

        (await ToolAsync("configs", "--alter", "--entity-type", "client-metrics", "--entity-name", metrics, "--add-config", "interval.ms=1000,metrics=[org.apache.kafka.]")).Succeeded();
        Assert.Contains("interval.ms=1000 sensitive=false synonyms={DYNAMIC_CLIENT_METRICS_CONFIG:interval.ms=1000}",
            (await ToolAsync("configs", "--describe", "--entity-type", "client-metrics", "--entity-name", metrics)).Succeeded().Output);

        (await ToolAsync("configs", ["--alter", .. ofLoggers, "--add-config", "root=INFO"])).Succeeded();
        (await ToolAsync("configs", ["--describe", .. ofLoggers])).Succeeded();
        refused = await ToolAsync("configs", ["--alter", .. ofLoggers, "--add-config", "root=LOUD"]);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("log level", refused.Output + refused.Errors);
    }

    [Fact]
    public async Task Client_metrics_are_subscribed_to_listed_described_and_deleted()
    {
        string name = NodeFixture.Name("java-subscription");

        (await ToolAsync("client-metrics", "--alter", "--name", name, "--metrics", "org.apache.kafka.", "--interval", "2000", "--match", "client_id=a.*")).Succeeded();
        Assert.Contains(name, (await ToolAsync("client-metrics", "--list")).Succeeded().Lines);
        Assert.Equal(
            [$"Client metrics configs for {name} are:", "interval.ms=2000", "match=client_id=a.*", "metrics=org.apache.kafka."],
            (await ToolAsync("client-metrics", "--describe", "--name", name)).Succeeded().Lines.Select(line => line.Trim()));
        Finished refused = await ToolAsync("client-metrics", "--alter", "--name", name, "--interval", "1");
        Assert.Contains("interval must be between 100 and 3600000", refused.Output + refused.Errors);
        (await ToolAsync("client-metrics", "--delete", "--name", name)).Succeeded();
        Assert.DoesNotContain(name, (await ToolAsync("client-metrics", "--list")).Succeeded().Lines);
    }

    private static string Line(Finished finished, string start) => finished.Succeeded().Lines.Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Written(TemporaryFolder folder, string name, string text)
    {
        string file = folder.File(name);
        File.WriteAllText(file, text);
        return file;
    }

    private async Task<string> CreatedAsync(string name)
    {
        string topic = NodeFixture.Name(name);
        (await ToolAsync("topics", "--create", "--topic", topic)).Succeeded();
        return topic;
    }

    private Task<Finished> ToolAsync(string tool, params string[] arguments) =>
        _peer.RunToolAsync([tool, .. Bootstrap(tool, arguments)], token: TestContext.Current.CancellationToken);

    // The cluster tool wants its command first.
    private string[] Bootstrap(string tool, string[] arguments) => tool == "cluster"
        ? [arguments[0], "--bootstrap-server", node.Bootstrap, .. arguments[1..]]
        : ["--bootstrap-server", node.Bootstrap, .. arguments];
}
