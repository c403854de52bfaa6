using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

public sealed class AdminTests(MoldauCli cli)
{
    [Fact]
    public async Task What_the_broker_refuses_ends_with_1_and_names_the_error()
    {
        string topic = MoldauCli.NewName("twice");
        (await cli.RunAsync("topic", "create", topic)).Succeeded();
        Finished again = await cli.RunAsync("topic", "create", topic);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("TOPIC_ALREADY_EXISTS", again.Errors, StringComparison.Ordinal);
        (await cli.RunAsync("topic", "create", topic, "--if-not-exists")).Succeeded();
        Finished config = await cli.RunAsync("config", "set", "topic", "--name", topic, "retention.ms=soon");
        Assert.Equal(1, config.ExitCode);
        Assert.Contains("INVALID_CONFIG", config.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await cli.RunAsync("topic", "delete", MoldauCli.NewName("none"))).ExitCode);
        Assert.Equal(1, (await cli.RunAsync("group", "describe", MoldauCli.NewName("none"))).ExitCode);
    }

    [Fact]
    public async Task A_topic_is_made_described_changed_and_deleted()
    {
        string topic = MoldauCli.NewName("life");
        (await cli.RunAsync("topic", "create", topic, "--partitions", "2", "--config", "retention.ms=1000000")).Succeeded();
        JsonElement described = (await cli.JsonAsync("topic", "describe", topic))[0];
        Assert.Equal(2, described.GetProperty("partitions").GetArrayLength());
        Assert.Equal("1000000", described.GetProperty("configs").GetProperty("retention.ms").GetString());
        (await cli.RunAsync("topic", "alter", topic, "--partitions", "4", "--delete-config", "retention.ms", "--config", "max.message.bytes=2000")).Succeeded();
        described = (await cli.JsonAsync("topic", "describe", topic))[0];
        Assert.Equal(4, described.GetProperty("partitions").GetArrayLength());
        Assert.Equal(["max.message.bytes"], described.GetProperty("configs").EnumerateObject().Select(static each => each.Name));
        Assert.Contains(topic, (await cli.JsonAsync("topic", "list")).EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
        (await cli.RunAsync("topic", "delete", topic)).Succeeded();
        Assert.DoesNotContain(topic, (await cli.JsonAsync("topic", "list")).EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_topic_is_trimmed_to_an_offset_and_to_its_end_and_not_beyond()
    {
        string topic = MoldauCli.NewName("trim");
        (await cli.RunOnAsync("0\n1\n2\n3\n4\n", "produce", topic)).Succeeded();
        Finished beyond = await cli.RunAsync("topic", "trim", topic, "--before", "9");
        Assert.Equal(1, beyond.ExitCode);
        Assert.Contains("behind the end", beyond.Errors, StringComparison.Ordinal);
        Assert.Equal(3, (await cli.JsonAsync("topic", "trim", topic, "--before", "3"))[0].GetProperty("begins").GetInt64());
        Assert.Equal(["3", "4"], (await cli.RunAsync("consume", topic, "--from", "beginning", "--exit-at-end")).Succeeded().Lines);
        Assert.Equal(5, (await cli.JsonAsync("topic", "trim", $"{topic}:0", "--before", "end"))[0].GetProperty("begins").GetInt64());
    }

    [Fact]
    public async Task A_group_is_listed_described_reset_forgotten_and_deleted()
    {
        string topic = MoldauCli.NewName("topic"), group = MoldauCli.NewName("group");
        (await cli.RunOnAsync("0\n1\n2\n3\n4\n", "produce", topic)).Succeeded();
        Assert.Equal(5, (await cli.RunAsync("consume", topic, "--group", group, "--from", "beginning", "--exit-at-end")).Succeeded().Lines.Length);
        Assert.Contains(group, (await cli.JsonAsync("group", "list")).EnumerateArray().Select(static each => each.GetProperty("group").GetString()));
        Assert.Equal((5, 0), await CommittedAsync(group));
        (await cli.RunAsync("group", "reset", group, "--to", "2", "--dry-run")).Succeeded();
        Assert.Equal((5, 0), await CommittedAsync(group));
        (await cli.RunAsync("group", "reset", group, "--to", "2")).Succeeded();
        Assert.Equal((2, 3), await CommittedAsync(group));
        (await cli.RunAsync("group", "reset", group, "--topic", topic, "--to", "beginning")).Succeeded();
        Assert.Equal((0, 5), await CommittedAsync(group));
        Assert.Equal(0, (await cli.JsonAsync("group", "members", group)).GetArrayLength());
        (await cli.RunAsync("group", "forget", group, "--topic", topic)).Succeeded();
        (await cli.RunAsync("group", "delete", group)).Succeeded();
        Assert.Equal(1, (await cli.RunAsync("group", "delete", group)).ExitCode);
    }

    [Theory]
    [InlineData("topic")]
    [InlineData("broker", "--name", "1")]
    [InlineData("cluster")]
    public async Task A_configuration_is_set_described_and_deleted(params string[] resource)
    {
        string key = resource[0] == "topic" ? "retention.ms" : "log.retention.ms";
        if (resource[0] == "topic")
        {
            string topic = MoldauCli.NewName("config");
            (await cli.RunAsync("topic", "create", topic)).Succeeded();
            resource = ["topic", "--name", topic];
        }

        (await cli.RunAsync(["config", "set", resource[0], $"{key}=123456", .. resource[1..]])).Succeeded();
        JsonElement entry = (await cli.JsonAsync(["config", "describe", .. resource])).EnumerateArray().Single(each => each.GetProperty("name").GetString() == key);
        Assert.Equal(("123456", resource[0]), (entry.GetProperty("value").GetString(), entry.GetProperty("source").GetString()));
        (await cli.RunAsync(["config", "delete", resource[0], key, .. resource[1..]])).Succeeded();
        Assert.DoesNotContain((await cli.JsonAsync(["config", "describe", .. resource])).EnumerateArray(), each => each.GetProperty("name").GetString() == key);
    }

    [Fact]
    public async Task Keys_are_explained_without_a_broker()
    {
        Finished run = await ChildProcess.RunAsync(MoldauCli.Executable, ["config", "docs", "log.retention.ms"], token: TestContext.Current.CancellationToken);
        Assert.Contains("type long", run.Succeeded().Output, StringComparison.Ordinal);
        Finished unknown = await cli.RunAsync("config", "docs", "log.retention.mss");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("log.retention.ms", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_tells_of_its_brokers_features_and_apis()
    {
        JsonElement cluster = await cli.JsonAsync("cluster", "describe");
        Assert.Equal(1, cluster.GetProperty("brokers").GetArrayLength());
        Assert.Equal(22, cluster.GetProperty("clusterId").GetString()!.Length);
        Assert.Contains("metadata.version", (await cli.JsonAsync("cluster", "features")).EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
        Assert.Contains("Fetch", (await cli.JsonAsync("cluster", "apis")).EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_partition_tells_of_its_producers()
    {
        string topic = MoldauCli.NewName("producers");
        (await cli.RunOnAsync("0\n1\n", "produce", topic)).Succeeded();
        JsonElement producer = (await cli.JsonAsync("cluster", "producers", topic))[0];
        Assert.Equal(1, producer.GetProperty("lastSequence").GetInt32());
    }

    [Fact]
    public async Task The_quorum_is_this_node()
    {
        JsonElement quorum = await cli.JsonAsync("cluster", "quorum");
        Assert.Equal(1, quorum.GetProperty("leader").GetInt32());
        JsonElement node = quorum.GetProperty("nodes")[0];
        Assert.Equal(("leader", $"PLAINTEXT://{cli.Bootstrap}"), (node.GetProperty("role").GetString(), node.GetProperty("endpoints").GetString()));
    }

    [Fact]
    public async Task A_feature_level_is_refused_checked_lowered_and_raised()
    {
        Finished refused = await cli.RunAsync("cluster", "set-feature", "streams.version=0");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("INVALID_UPDATE_VERSION", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("cluster", "set-feature", "streams.version=high")).ExitCode);
        Assert.Equal("could set streams.version", (await cli.RunAsync("cluster", "set-feature", "streams.version=0", "--downgrade", "--dry-run")).Succeeded().Lines[0]);
        Assert.Equal("set streams.version", (await cli.RunAsync("cluster", "set-feature", "streams.version=0", "--downgrade")).Succeeded().Lines[0]);
        (await cli.RunAsync("cluster", "set-feature", "streams.version=1")).Succeeded();
        JsonElement feature = (await cli.JsonAsync("cluster", "features")).EnumerateArray().Single(static each => each.GetProperty("name").GetString() == "streams.version");
        Assert.Equal(1, feature.GetProperty("level").GetInt32());
    }

    [Fact]
    public async Task A_node_that_is_not_registered_cannot_be_unregistered()
    {
        Assert.Contains("BROKER_ID_NOT_REGISTERED", (await cli.RunAsync("cluster", "unregister", "9")).Errors, StringComparison.Ordinal);
        Finished controller = await cli.RunAsync("cluster", "unregister", "9", "--controller");
        Assert.Equal(1, controller.ExitCode);
        Assert.Contains("CONTROLLER_ID_NOT_REGISTERED", controller.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_is_elected_and_moved_as_one_broker_can()
    {
        string topic = MoldauCli.NewName("moved");
        (await cli.RunAsync("topic", "create", topic, "--partitions", "2")).Succeeded();
        Assert.Equal([$"{topic}-0: has that leader", $"{topic}-1: has that leader"], (await cli.RunAsync("topic", "elect", topic)).Succeeded().Lines);
        Assert.Equal(1, (await cli.RunAsync("topic", "elect", topic, "--partition", "9")).ExitCode);
        Assert.Equal(2, (await cli.RunAsync("topic", "elect", "--partition", "0")).ExitCode);
        (await cli.RunAsync("topic", "elect")).Succeeded();
        Finished nowhere = await cli.RunAsync("topic", "move", topic, "--replicas", "9");
        Assert.Equal(1, nowhere.ExitCode);
        Assert.Contains("INVALID_REPLICA_ASSIGNMENT", nowhere.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("topic", "move", topic)).ExitCode);
        Assert.Equal(2, (await cli.RunAsync("topic", "move", topic, "--replicas", "one")).ExitCode);
        Assert.Equal([$"moving {topic}-1"], (await cli.RunAsync("topic", "move", topic, "--partition", "1", "--replicas", "1", "--keep-factor")).Succeeded().Lines);
        Assert.Equal([$"{topic}-1: is not being moved"], (await cli.RunAsync("topic", "move", topic, "--partition", "1", "--cancel")).Succeeded().Lines);
        Assert.Equal(0, (await cli.JsonAsync("topic", "moves")).GetArrayLength());
    }

    [Theory]
    [InlineData("group", "consumer.session.timeout.ms=50000")]
    [InlineData("client-metrics", "interval.ms=1000")]
    public async Task What_is_configured_is_listed(string kind, string setting)
    {
        string name = MoldauCli.NewName(kind);
        (await cli.RunAsync("config", "set", kind, setting, "--name", name)).Succeeded();
        JsonElement entry = (await cli.JsonAsync("config", "describe", kind, "--name", name))[0];
        Assert.Equal((setting, kind), ($"{entry.GetProperty("name")}={entry.GetProperty("value")}", entry.GetProperty("source").GetString()));
        Assert.Contains(name, (await cli.JsonAsync("config", "list", kind)).EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
        (await cli.RunAsync("config", "delete", kind, setting.Split('=')[0], "--name", name)).Succeeded();
        Assert.DoesNotContain(name, (await cli.JsonAsync("config", "list")).EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_level_of_a_logger_is_changed_and_shown()
    {
        Assert.Contains("INVALID_CONFIG", (await cli.RunAsync("config", "set", "broker-logger", "root=LOUD", "--name", "1")).Errors, StringComparison.Ordinal);
        (await cli.RunAsync("config", "set", "broker-logger", "Moldau.Broker=DEBUG", "--name", "1")).Succeeded();
        JsonElement[] levels = [.. (await cli.JsonAsync("config", "describe", "broker-logger", "--name", "1")).EnumerateArray()];
        Assert.Equal("DEBUG", levels.Single(static each => each.GetProperty("name").GetString() == "Moldau.Broker").GetProperty("value").GetString());
        (await cli.RunAsync("config", "delete", "broker-logger", "Moldau.Broker", "--name", "1")).Succeeded();
    }

    private async Task<(long Committed, long Lag)> CommittedAsync(string group)
    {
        JsonElement partition = (await cli.JsonAsync("group", "describe", group)).GetProperty("partitions")[0];
        return (partition.GetProperty("committed").GetInt64(), partition.GetProperty("lag").GetInt64());
    }
}
