using System.Text.Json;
using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

/// <summary>The declared keys are Kafka 4.4's, no more and no fewer, with its types, defaults, ranges and update modes.</summary>
public sealed class ConfigCatalogTests
{
    [Theory]
    [InlineData("broker")]
    [InlineData("topic")]
    [InlineData("group")]
    [InlineData("clientMetrics")]
    public void Every_key_is_declared_as_Kafka_declares_it(string scope)
    {
        string path = Facts.Path("configs.json");
        if (!File.Exists(path)) Assert.Skip("needs ../shared: kafka-protocol/configs.json is not there");
        using JsonDocument facts = JsonDocument.Parse(File.ReadAllText(path));
        ConfigCatalog catalog = Catalog(scope);
        List<string> differences = [];
        HashSet<string> names = [];
        foreach (JsonElement fact in facts.RootElement.GetProperty(scope).EnumerateArray())
        {
            string name = fact.GetProperty("name").GetString()!;
            names.Add(name);
            if (catalog.TryGet(name, out ConfigKey? key)) differences.AddRange(Differences(key, fact, scope));
            else differences.Add($"{name}: not declared");
        }

        differences.AddRange(catalog.Keys
            .Where(key => !names.Contains(key.Name) && !key.Name.StartsWith(MoldauKeys.Prefix, StringComparison.Ordinal))
            .Select(key => $"{key.Name}: Kafka has no such key"));
        Assert.Empty(differences);
        Assert.NotEmpty(names);
    }

    [Fact]
    public void Every_key_of_topics_and_groups_falls_back_to_broker_keys_that_exist()
    {
        string[] unknown = ConfigCatalog.Topic.Keys.Concat(ConfigCatalog.Group.Keys).SelectMany(key => key.BrokerKeys)
            .Where(name => !ConfigCatalog.Broker.TryGet(name, out _))
            .ToArray();
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_default_passes_its_own_rule_and_every_key_says_what_it_means()
    {
        ConfigKey[] keys = [.. ConfigCatalog.Broker.Keys, .. ConfigCatalog.Topic.Keys, .. ConfigCatalog.Group.Keys, .. ConfigCatalog.ClientMetrics.Keys];
        foreach (ConfigKey key in keys)
        {
            Assert.False(string.IsNullOrWhiteSpace(key.Documentation), key.Name);
            if (key.DefaultText is { Length: > 0 } text) key.Check(text);
        }
    }

    [Fact]
    public void An_unknown_name_finds_its_nearest()
    {
        Assert.Equal("log.retention.hours", ConfigCatalog.Broker.Nearest("log.retension.hours"));
        Assert.Equal("retention.ms", ConfigCatalog.Topic.Nearest("retention.mss"));
        Assert.Null(ConfigCatalog.Broker.Nearest("something.else.entirely.and.far.away"));
    }

    private static ConfigCatalog Catalog(string scope) => scope switch
    {
        "broker" => ConfigCatalog.Broker,
        "topic" => ConfigCatalog.Topic,
        "group" => ConfigCatalog.Group,
        _ => ConfigCatalog.ClientMetrics,
    };

    private static IEnumerable<string> Differences(ConfigKey key, JsonElement fact, string scope)
    {
        List<(string What, string? Ours, string? Kafkas)> compared =
        [
            ("type", key.Type.ToString().ToUpperInvariant(), fact.GetProperty("type").GetString()),
            ("defaultText", key.DefaultText, Text(fact, "defaultText")),
            ("valid", key.ValidText, Text(fact, "valid")),
            ("importance", key.Importance.ToString().ToUpperInvariant(), fact.GetProperty("importance").GetString()),
            ("internal", key.IsInternal.ToString(), fact.GetProperty("internal").GetBoolean().ToString()),
            ("required", key.IsRequired.ToString(), fact.TryGetProperty("required", out _).ToString()),
        ];
        if (scope == "broker") compared.Add(("updateMode", Mode(key.UpdateMode), fact.GetProperty("updateMode").GetString()));
        if (scope == "topic")
        {
            string kafkas = fact.TryGetProperty("brokerKeys", out JsonElement keys) ? string.Join(' ', keys.EnumerateArray().Select(name => name.GetString())) : "";
            compared.Add(("brokerKeys", string.Join(' ', key.BrokerKeys), kafkas));
        }

        return compared.Where(entry => entry.Ours != entry.Kafkas).Select(entry => $"{key.Name}: {entry.What} is {entry.Ours ?? "none"}, in Kafka {entry.Kafkas ?? "none"}");
    }

    private static string? Text(JsonElement fact, string property) => fact.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;

    private static string Mode(UpdateMode mode) => mode switch
    {
        UpdateMode.ReadOnly => "read-only",
        UpdateMode.PerBroker => "per-broker",
        _ => "cluster-wide",
    };
}
