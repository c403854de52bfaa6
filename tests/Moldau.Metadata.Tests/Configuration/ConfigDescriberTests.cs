using System.Text.Json;
using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

/// <summary>What DescribeConfigs shows, entry by entry as a node of Kafka showed it: before and after keys were set.</summary>
public sealed class ConfigDescriberTests
{
    [Theory]
    [InlineData("topic, nothing set", 0)]
    [InlineData("topic, two keys set at creation", 0)]
    [InlineData("after altering: topics", 0)]
    [InlineData("after altering: topics", 1)]
    public void A_topic_is_described_as_Kafka_describes_it(string answer, int index)
    {
        using JsonDocument facts = Read();
        JsonElement entries = Entries(facts, answer, index);
        Compare(entries, new ConfigDescriber(Layers(facts, answer)).Topic(SetAt(entries, ConfigSource.Topic)));
    }

    [Theory]
    [InlineData("broker, nothing set dynamically")]
    [InlineData("after altering: broker")]
    public void A_broker_is_described_as_Kafka_describes_it(string answer)
    {
        using JsonDocument facts = Read();
        Compare(Entries(facts, answer, 0), new ConfigDescriber(Layers(facts, answer)).Broker().Where(config => !config.Name.StartsWith(MoldauKeys.Prefix, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("broker default (empty name), nothing set")]
    [InlineData("after altering: broker default")]
    public void The_default_of_all_brokers_is_described_as_Kafka_describes_it(string answer)
    {
        using JsonDocument facts = Read();
        Compare(Entries(facts, answer, 0), new ConfigDescriber(Layers(facts, answer)).ClusterDefault());
    }

    [Theory]
    [InlineData("group")]
    [InlineData("after altering: group")]
    public void A_group_is_described_as_Kafka_describes_it(string answer)
    {
        using JsonDocument facts = Read();
        JsonElement entries = Entries(facts, answer, 0);
        Compare(entries, new ConfigDescriber(Layers(facts, answer)).Group(SetAt(entries, ConfigSource.Group)));
    }

    [Theory]
    [InlineData("client metrics, none of that name")]
    [InlineData("after altering: client metrics")]
    public void Client_metrics_are_described_as_Kafka_describes_them(string answer)
    {
        using JsonDocument facts = Read();
        JsonElement entries = Entries(facts, answer, 0);
        Compare(entries, ConfigDescriber.ClientMetrics(SetAt(entries, ConfigSource.ClientMetrics)));
    }

    [Fact]
    public void Retention_that_comes_from_hours_has_the_right_value_and_is_said_to_be_the_default()
    {
        var layers = new ConfigLayers(new Dictionary<string, string> { ["log.retention.hours"] = "1" });
        DescribedConfig retention = new ConfigDescriber(layers).Topic(new Dictionary<string, string>()).Single(config => config.Name == "retention.ms");
        Assert.Equal("3600000", retention.Value);
        Assert.Equal(ConfigSource.Default, retention.Source);
        Assert.Empty(retention.Synonyms);
    }

    [Fact]
    public void Secrets_and_names_that_are_not_known_have_no_value()
    {
        var layers = new ConfigLayers(new Dictionary<string, string> { ["ssl.key.password"] = "secret", ["super.users"] = "User:a", ["listener.name.x.ssl.keystore.password"] = "secret" });
        DescribedConfig[] all = [.. new ConfigDescriber(layers).Broker()];
        foreach (string name in (string[])["ssl.key.password", "super.users", "listener.name.x.ssl.keystore.password"])
        {
            DescribedConfig config = all.Single(config => config.Name == name);
            Assert.True(config.IsSensitive);
            Assert.Null(config.Value);
            Assert.Equal([new ConfigSynonym(name, null, ConfigSource.File)], config.Synonyms);
        }
    }

    [Fact]
    public void An_internal_key_is_shown_where_it_is_set()
    {
        var describer = new ConfigDescriber(new ConfigLayers(new Dictionary<string, string>()));
        Assert.DoesNotContain(describer.Topic(new Dictionary<string, string>()), config => config.Name == "internal.segment.bytes");
        Assert.Contains(describer.Topic(new Dictionary<string, string> { ["internal.segment.bytes"] = "100" }), config => config is { Name: "internal.segment.bytes", Value: "100" });
    }

    private static JsonDocument Read()
    {
        string path = Facts.Path("describe-configs.json");
        if (!File.Exists(path)) Assert.Skip("needs ../shared: kafka-protocol/describe-configs.json is not there");
        return JsonDocument.Parse(File.ReadAllText(path));
    }

    private static JsonElement Entries(JsonDocument facts, string answer, int index) =>
        facts.RootElement.GetProperty(answer).GetProperty("results")[index].GetProperty("configs");

    // What the node's file and the dynamic places held, taken from the synonyms of all its keys.
    private static ConfigLayers Layers(JsonDocument facts, string answer)
    {
        bool isAfter = answer.StartsWith("after", StringComparison.Ordinal);
        JsonElement broker = Entries(facts, isAfter ? "after altering: broker" : "broker, nothing set dynamically", 0);
        return new ConfigLayers(SetAt(broker, ConfigSource.File), SetAt(broker, ConfigSource.ClusterDefault), SetAt(broker, ConfigSource.Broker));
    }

    private static Dictionary<string, string> SetAt(JsonElement entries, ConfigSource source)
    {
        var set = new Dictionary<string, string>();
        foreach (JsonElement synonym in entries.EnumerateArray().SelectMany(entry => entry.GetProperty("synonyms").EnumerateArray()))
        {
            if (synonym.GetProperty("source").GetInt32() == (int)source) set[synonym.GetProperty("name").GetString()!] = synonym.GetProperty("value").GetString()!;
        }

        return set;
    }

    private static void Compare(JsonElement facts, IEnumerable<DescribedConfig> described)
    {
        string[] kafkas = [.. facts.EnumerateArray().Select(Text).Order(StringComparer.Ordinal)];
        string[] ours = [.. described.Select(Text).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(kafkas);
        Assert.Equal(kafkas, ours);
    }

    private static string Text(JsonElement entry) => string.Join(' ',
        entry.GetProperty("name").GetString(),
        entry.GetProperty("value").GetString() ?? "null",
        entry.GetProperty("configSource").GetInt32(),
        entry.GetProperty("readOnly").GetBoolean(),
        entry.GetProperty("isSensitive").GetBoolean(),
        entry.GetProperty("configType").GetInt32(),
        string.Join(',', entry.GetProperty("synonyms").EnumerateArray().Select(one => $"{one.GetProperty("name").GetString()}={one.GetProperty("value").GetString()}@{one.GetProperty("source").GetInt32()}")));

    private static string Text(DescribedConfig config) => string.Join(' ',
        config.Name,
        config.Value ?? "null",
        (int)config.Source,
        config.IsReadOnly,
        config.IsSensitive,
        (int)config.Type,
        string.Join(',', config.Synonyms.Select(one => $"{one.Name}={one.Value}@{(int)one.Source}")));
}
