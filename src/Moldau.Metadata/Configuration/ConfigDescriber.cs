namespace Moldau.Metadata.Configuration;

/// <summary>Makes the answers of DescribeConfigs (KIP-133, KIP-226) from the declarations and from what is set where.</summary>
/// <remarks>
/// Internal keys are shown only where they are set. A name that is not known here is shown without its value, which may be a secret. Where a topic's value
/// comes from a weaker name of the broker (<c>log.retention.hours</c> for <c>retention.ms</c>), it is the right one, and its source is given as the default, as in Kafka.
/// </remarks>
public sealed class ConfigDescriber(ConfigLayers layers)
{
    /// <summary>A topic's keys.</summary>
    /// <param name="own">What is set on the topic.</param>
    public IEnumerable<DescribedConfig> Topic(IReadOnlyDictionary<string, string> own)
    {
        ConfigValues values = layers.Topic(own);
        foreach (ConfigKey key in Shown(ConfigCatalog.Topic, own))
        {
            IReadOnlyList<ConfigSynonym> fallback = key.BrokerKeys.Count == 0 ? [] : Synonyms(ConfigSynonyms.Of(key.BrokerKeys[0]), key.BrokerKeys[0]);
            yield return Describe(key, values.Text(key), WithOwn(key, own, ConfigSource.Topic, fallback), false);
        }

        foreach (DescribedConfig unknown in Unknown(ConfigCatalog.Topic, own, ConfigSource.Topic)) yield return unknown;
    }

    /// <summary>The node's keys.</summary>
    public IEnumerable<DescribedConfig> Broker()
    {
        IReadOnlyDictionary<string, string> merged = layers.Merged();
        ConfigValues values = layers.Node();
        foreach (ConfigKey key in Shown(ConfigCatalog.Broker, merged))
        {
            yield return Describe(key, values.Text(key), Synonyms(ConfigSynonyms.Of(key.Name), key.Name), key.UpdateMode == UpdateMode.ReadOnly);
        }

        foreach (string name in merged.Keys.Where(name => !ConfigCatalog.Broker.TryGet(name, out _)).Order(StringComparer.Ordinal))
        {
            yield return Other(name, merged[name], Synonyms([name], name));
        }
    }

    /// <summary>What is set as the default of all brokers.</summary>
    public IEnumerable<DescribedConfig> ClusterDefault()
    {
        foreach ((string name, string text) in layers.Cluster.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            bool isKnown = ConfigCatalog.Broker.TryGet(name, out ConfigKey? key);
            IReadOnlyList<ConfigSynonym> synonyms = [new(name, isKnown && !key!.IsSensitive ? text : null, ConfigSource.ClusterDefault)];
            yield return isKnown ? Describe(key!, text, synonyms, key!.UpdateMode == UpdateMode.ReadOnly) : Other(name, text, synonyms);
        }
    }

    /// <summary>A group's keys.</summary>
    /// <param name="own">What is set on the group.</param>
    public IEnumerable<DescribedConfig> Group(IReadOnlyDictionary<string, string> own)
    {
        ConfigValues values = layers.Group(own);
        foreach (ConfigKey key in Shown(ConfigCatalog.Group, own))
        {
            IReadOnlyList<ConfigSynonym> fallback = key.BrokerKeys.Count > 0 ? Synonyms(key.BrokerKeys, key.BrokerKeys[0])
                : key.DefaultText is { } text ? [new(key.Name, text, ConfigSource.Default)]
                : [];
            string? value = values.Has(key) || fallback.Count == 0 ? values.Text(key) : ConfigSynonyms.Convert(key, fallback[0].Name, fallback[0].Value!);
            yield return Describe(key, value, WithOwn(key, own, ConfigSource.Group, fallback), false);
        }

        foreach (DescribedConfig unknown in Unknown(ConfigCatalog.Group, own, ConfigSource.Group)) yield return unknown;
    }

    /// <summary>The keys of a client metrics subscription.</summary>
    /// <param name="own">What is set on it.</param>
    public static IEnumerable<DescribedConfig> ClientMetrics(IReadOnlyDictionary<string, string> own)
    {
        ConfigValues values = ConfigValues.ParseValid(ConfigCatalog.ClientMetrics, own);
        foreach (ConfigKey key in ConfigCatalog.ClientMetrics.Keys)
        {
            yield return Describe(key, values.Text(key), WithOwn(key, own, ConfigSource.ClientMetrics, []), false);
        }

        foreach (DescribedConfig unknown in Unknown(ConfigCatalog.ClientMetrics, own, ConfigSource.ClientMetrics)) yield return unknown;
    }

    private static IEnumerable<ConfigKey> Shown(ConfigCatalog catalog, IReadOnlyDictionary<string, string> given) =>
        catalog.Keys.Where(key => !key.IsInternal || given.ContainsKey(key.Name));

    private static IReadOnlyList<ConfigSynonym> WithOwn(
        ConfigKey key, IReadOnlyDictionary<string, string> own, ConfigSource source, IReadOnlyList<ConfigSynonym> fallback) =>
        own.TryGetValue(key.Name, out string? text) ? [new(key.Name, key.IsSensitive ? null : key.Normalize(text), source), .. fallback] : fallback;

    // By place and then by name; what a weaker name holds is shown only behind a value of the name that was asked for.
    private IReadOnlyList<ConfigSynonym> Synonyms(IReadOnlyList<string> names, string asked)
    {
        var all = new List<ConfigSynonym>();
        foreach ((ConfigSource source, IReadOnlyDictionary<string, string> values) in layers.Places)
        {
            foreach (string name in names)
            {
                if (values.TryGetValue(name, out string? text)) all.Add(Synonym(name, text, source));
            }
        }

        foreach (string name in names)
        {
            if (ConfigCatalog.Broker.TryGet(name, out ConfigKey? key) && key.DefaultText is { } text) all.Add(Synonym(name, text, ConfigSource.Default));
        }

        return [.. all.SkipWhile(synonym => synonym.Name != asked)];
    }

    private static ConfigSynonym Synonym(string name, string text, ConfigSource source)
    {
        bool isKnown = ConfigCatalog.Broker.TryGet(name, out ConfigKey? key) || ListenerPrefix.TryGetKey(name, out key);
        return new ConfigSynonym(name, isKnown && !key!.IsSensitive ? key.Normalize(text) : null, source);
    }

    private static DescribedConfig Describe(ConfigKey key, string? value, IReadOnlyList<ConfigSynonym> synonyms, bool isReadOnly) => new(
        key.Name,
        key.IsSensitive ? null : value,
        synonyms.Count > 0 ? synonyms[0].Source : ConfigSource.Default,
        isReadOnly,
        key.IsSensitive,
        key.Type,
        key.Documentation,
        synonyms);

    private static DescribedConfig Other(string name, string value, IReadOnlyList<ConfigSynonym> synonyms)
    {
        bool isOfListener = ListenerPrefix.TryGetKey(name, out ConfigKey? key);
        bool isSensitive = !isOfListener || key!.IsSensitive;
        return new DescribedConfig(
            name,
            isSensitive ? null : value,
            synonyms.Count > 0 ? synonyms[0].Source : ConfigSource.Default,
            true,
            isSensitive,
            key?.Type ?? ConfigType.Unknown,
            key?.Documentation,
            synonyms);
    }

    private static IEnumerable<DescribedConfig> Unknown(ConfigCatalog catalog, IReadOnlyDictionary<string, string> own, ConfigSource source) =>
        own.Keys.Where(name => !catalog.TryGet(name, out _)).Order(StringComparer.Ordinal)
            .Select(name => new DescribedConfig(name, null, source, false, true, ConfigType.Unknown, null, [new(name, null, source)]));
}
