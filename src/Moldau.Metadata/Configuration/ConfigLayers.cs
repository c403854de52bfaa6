using System.Collections.Frozen;

namespace Moldau.Metadata.Configuration;

/// <summary>A value that is set somewhere.</summary>
/// <param name="Name">The broker key it is set under.</param>
/// <param name="Text">The value in text form.</param>
/// <param name="Source">Where it is set.</param>
public readonly record struct ConfigFinding(string Name, string Text, ConfigSource Source);

/// <summary>
/// What is set of a node's configuration, and where: dynamically on the broker, over dynamically for all brokers, over its file, over the defaults (KIP-226).
/// A topic's or group's own configuration goes over all of them. Immutable.
/// </summary>
/// <remarks>
/// Precedence goes by where a value is set, and among names for the same thing by their order only within one place: <c>log.retention.hours</c> set dynamically
/// wins over <c>log.retention.ms</c> in the file.
/// </remarks>
public sealed class ConfigLayers
{
    private static readonly FrozenDictionary<string, string> Nothing = FrozenDictionary<string, string>.Empty;

    /// <summary>The layers of a node.</summary>
    /// <param name="file">From its file or command line.</param>
    /// <param name="cluster">Set as the default of all brokers; null: nothing.</param>
    /// <param name="broker">Set on this broker; null: nothing.</param>
    public ConfigLayers(IReadOnlyDictionary<string, string> file, IReadOnlyDictionary<string, string>? cluster = null, IReadOnlyDictionary<string, string>? broker = null)
    {
        var ignored = new List<string>();
        File = file;
        Cluster = Accepted(cluster ?? Nothing, false, ignored);
        Broker = Accepted(broker ?? Nothing, true, ignored);
        Ignored = ignored;
    }

    /// <summary>From the node's file or command line.</summary>
    public IReadOnlyDictionary<string, string> File { get; }

    /// <summary>Set dynamically as the default of all brokers.</summary>
    public IReadOnlyDictionary<string, string> Cluster { get; }

    /// <summary>Set dynamically on this broker.</summary>
    public IReadOnlyDictionary<string, string> Broker { get; }

    /// <summary>What is set dynamically and cannot be: another version may have allowed it. It counts as not set.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>The places from the strongest to the weakest.</summary>
    public IEnumerable<(ConfigSource Source, IReadOnlyDictionary<string, string> Values)> Places =>
        [(ConfigSource.Broker, Broker), (ConfigSource.ClusterDefault, Cluster), (ConfigSource.File, File)];

    /// <summary>Everything that is set for the node, the stronger place over the weaker.</summary>
    public IReadOnlyDictionary<string, string> Merged()
    {
        var merged = new Dictionary<string, string>(File, StringComparer.Ordinal);
        foreach (IReadOnlyDictionary<string, string> over in (IReadOnlyList<IReadOnlyDictionary<string, string>>)[Cluster, Broker])
        {
            foreach (string synonym in over.Keys.SelectMany(ConfigSynonyms.Of)) merged.Remove(synonym);
            foreach ((string name, string text) in over) merged[name] = text;
        }

        return merged;
    }

    /// <summary>The node's configuration in effect.</summary>
    public ConfigValues Node() => ConfigValues.ParseValid(ConfigCatalog.Broker, Merged());

    /// <summary>A topic's configuration in effect.</summary>
    /// <param name="own">What is set on the topic.</param>
    public ConfigValues Topic(IReadOnlyDictionary<string, string> own) => Over(ConfigCatalog.Topic, own);

    /// <summary>A group's configuration in effect.</summary>
    /// <param name="own">What is set on the group.</param>
    public ConfigValues Group(IReadOnlyDictionary<string, string> own) => Over(ConfigCatalog.Group, own);

    /// <summary>What the node's configuration gives a topic's or group's key that is not set there, in that key's unit; null when nothing is set.</summary>
    public ConfigFinding? Fallback(ConfigKey key)
    {
        if (key.BrokerKeys.Count == 0) return null;
        foreach ((ConfigSource source, IReadOnlyDictionary<string, string> values) in Places)
        {
            foreach (string name in key.BrokerKeys)
            {
                if (!values.TryGetValue(name, out string? text)) continue;
                string converted = ConfigSynonyms.Convert(key, name, text);
                if (key.Takes(converted)) return new ConfigFinding(name, converted, source);
            }
        }

        return null;
    }

    private ConfigValues Over(ConfigCatalog catalog, IReadOnlyDictionary<string, string> own)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ConfigKey key in catalog.Keys)
        {
            if (own.TryGetValue(key.Name, out string? text) && key.Takes(text)) given[key.Name] = text;
            else if (Fallback(key) is { } finding) given[key.Name] = finding.Text;
        }

        return ConfigValues.Parse(catalog, given);
    }

    private static IReadOnlyDictionary<string, string> Accepted(IReadOnlyDictionary<string, string> given, bool isPerBroker, List<string> ignored)
    {
        if (given.All(pair => DynamicKeys.Objection(pair.Key, pair.Value, isPerBroker) is null)) return given;
        var accepted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in given)
        {
            if (DynamicKeys.Objection(name, value, isPerBroker) is { } reason) ignored.Add(reason);
            else accepted[name] = value;
        }

        return accepted;
    }
}
