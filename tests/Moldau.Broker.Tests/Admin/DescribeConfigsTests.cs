using System.Text.Json;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

public sealed class DescribeConfigsTests
{
    private const sbyte Topic = 2, Broker = 4, Logger = 8, ClientMetrics = 16, Group = 32;

    [Fact]
    public void What_cannot_be_described_is_refused_as_Kafka_refuses_it() => AdminScenario.Play(async admin =>
    {
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await ErrorAsync(Topic, "nowhere"));
        Assert.Equal(ErrorCode.InvalidTopicException, await ErrorAsync(Topic, "a b"));
        Assert.Equal(ErrorCode.InvalidRequest, await ErrorAsync(Broker, "99"));
        Assert.Equal(ErrorCode.InvalidRequest, await ErrorAsync(Broker, "x"));
        Assert.Equal(ErrorCode.InvalidRequest, await ErrorAsync(Logger, ""));
        Assert.Equal(ErrorCode.InvalidRequest, await ErrorAsync(Logger, "2"));
        Assert.Equal(ErrorCode.InvalidRequest, await ErrorAsync(Group, ""));
        Assert.Equal(ErrorCode.InvalidRequest, await ErrorAsync(ClientMetrics, ""));
        Assert.Equal(ErrorCode.InvalidRequest, await ErrorAsync(3, "x"));

        async Task<ErrorCode> ErrorAsync(sbyte type, string name)
        {
            DescribeConfigsResponse.DescribeConfigsResult result = await admin.DescribeAsync(type, name);
            Assert.Equal((type, name), (result.ResourceType, result.ResourceName));
            Assert.Empty(result.Configs);
            return (ErrorCode)result.ErrorCode;
        }
    });

    [Fact]
    public void Keys_that_do_not_exist_are_left_out_and_no_keys_mean_all() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        Assert.Equal(["retention.ms"], (await admin.DescribeAsync(Topic, "t", "retention.ms", "no.such.key")).Configs.Select(config => config.Name));
        var request = new DescribeConfigsRequest();
        request.Resources.Add(new() { ResourceType = Topic, ResourceName = "t", ConfigurationKeys = [] });
        request.Resources.Add(new() { ResourceType = Topic, ResourceName = "t", ConfigurationKeys = null });
        DescribeConfigsResponse response = await admin.Node.AskAsync(request, 4);
        Assert.Equal(37, response.Results[0].Configs.Count);
        Assert.Equal(37, response.Results[1].Configs.Count);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_version_describes_and_from_3_on_types_and_documentation_on_request(short version) => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t", 1, ("retention.ms", "5"));
        var request = new DescribeConfigsRequest { IncludeSynonyms = true, IncludeDocumentation = version >= 3 };
        request.Resources.Add(new() { ResourceType = Topic, ResourceName = "t", ConfigurationKeys = ["retention.ms"] });
        DescribeConfigsResponse.DescribeConfigsResourceResult retention = Assert.Single(Assert.Single((await admin.Node.AskAsync(request, version)).Results).Configs);
        Assert.Equal(("5", (sbyte)1, false, false), (retention.Value, retention.ConfigSource, retention.ReadOnly, retention.IsSensitive));
        Assert.Equal(("retention.ms", "5", (sbyte)1), retention.Synonyms.Select(one => (one.Name, one.Value, one.Source)).First());
        Assert.Equal(version >= 3 ? 5 : 0, retention.ConfigType);
        Assert.Equal(version >= 3, retention.Documentation is { Length: > 0 });
    });

    [Fact]
    public void Without_being_asked_neither_synonyms_nor_documentation_are_sent() => AdminScenario.Play(async admin =>
    {
        var request = new DescribeConfigsRequest();
        request.Resources.Add(new() { ResourceType = Broker, ResourceName = "1", ConfigurationKeys = null });
        foreach (DescribeConfigsResponse.DescribeConfigsResourceResult config in Assert.Single((await admin.Node.AskAsync(request, 4)).Results).Configs)
        {
            Assert.Empty(config.Synonyms);
            Assert.Null(config.Documentation);
        }
    });

    [Fact]
    public void A_fresh_node_describes_itself_as_a_fresh_node_of_Kafka_does()
    {
        using JsonDocument facts = JsonDocument.Parse(File.ReadAllText(Facts.Require("describe-configs.json")));
        JsonElement fact = facts.RootElement.GetProperty("broker, nothing set dynamically").GetProperty("results")[0];
        // What the node of the facts was given, but for its addresses and data folder, which are this node's own.
        string[] own = ["listeners", "advertised.listeners", "log.dirs", "controller.quorum.bootstrap.servers", "controller.listener.names", "inter.broker.listener.name", "listener.security.protocol.map"];
        (string, string)[] given =
        [
            .. fact.GetProperty("configs").EnumerateArray()
                .Where(config => config.GetProperty("configSource").GetInt32() == 4 && !own.Contains(config.GetProperty("name").GetString()))
                .Select(config => (config.GetProperty("name").GetString()!, config.GetProperty("value").GetString()!)),
        ];
        Assert.NotEmpty(given);
        AdminScenario.Play(
            async admin =>
            {
                DescribeConfigsResponse.DescribeConfigsResult result = await admin.DescribeAsync(Broker, "1");
                string[] ours = [.. result.Configs.Where(config => !own.Contains(config.Name) && !config.Name.StartsWith("moldau.", StringComparison.Ordinal)).Select(Text).Order(StringComparer.Ordinal)];
                string[] kafkas = [.. fact.GetProperty("configs").EnumerateArray().Where(config => !own.Contains(config.GetProperty("name").GetString())).Select(Text).Order(StringComparer.Ordinal)];
                Assert.Equal(kafkas, ours);
                DescribeConfigsResponse.DescribeConfigsResourceResult only = Assert.Single((await admin.DescribeAsync(Broker, "")).Configs);
                Assert.Equal(("min.insync.replicas", "1", (sbyte)3), (only.Name, only.Value, only.ConfigSource));
            },
            given);
    }

    private static string Text(DescribeConfigsResponse.DescribeConfigsResourceResult config) => string.Join(' ',
        config.Name,
        config.Value ?? "null",
        config.ConfigSource,
        config.ReadOnly,
        config.IsSensitive,
        config.ConfigType,
        string.Join(',', config.Synonyms.Select(one => $"{one.Name}={one.Value}@{one.Source}")));

    private static string Text(JsonElement entry) => string.Join(' ',
        entry.GetProperty("name").GetString(),
        entry.GetProperty("value").GetString() ?? "null",
        entry.GetProperty("configSource").GetInt32(),
        entry.GetProperty("readOnly").GetBoolean(),
        entry.GetProperty("isSensitive").GetBoolean(),
        entry.GetProperty("configType").GetInt32(),
        string.Join(',', entry.GetProperty("synonyms").EnumerateArray().Select(one => $"{one.GetProperty("name").GetString()}={one.GetProperty("value").GetString()}@{one.GetProperty("source").GetInt32()}")));
}
