using Moldau.Broker.Configuration;
using Moldau.Metadata.Configuration;

namespace Moldau.Broker;

/// <summary>A node's configuration as its user gives it: an Apache Kafka properties file, keys on the command line, or nothing at all (design, D7).</summary>
/// <param name="Options">What the node is told.</param>
/// <param name="Warnings">What is accepted and does nothing, one sentence each.</param>
public sealed record NodeConfiguration(NodeOptions Options, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// What a node without a file begins with: broker and controller on the loopback address, data beside it, and internal topics that one node can hold.
    /// </summary>
    private static readonly KeyValuePair<string, string>[] WithoutFile =
    [
        new("node.id", "1"),
        new("process.roles", "broker,controller"),
        new("listeners", "PLAINTEXT://127.0.0.1:9092"),
        new("log.dirs", "moldau-data"),
        new("offsets.topic.replication.factor", "1"),
        new("transaction.state.log.replication.factor", "1"),
        new("transaction.state.log.min.isr", "1"),
        new("share.coordinator.state.topic.replication.factor", "1"),
        new("share.coordinator.state.topic.min.isr", "1"),
    ];

    /// <summary>Reads a configuration and checks all of it: names, values, and what must fit together.</summary>
    /// <param name="fileText">Text of a properties file; null: none. Without one the directories are formatted on the first start; with one, as in Kafka, they are formatted beforehand.</param>
    /// <param name="sets">Keys that go over the file's, in order: the last of a key counts.</param>
    /// <exception cref="ConfigException">What is wrong, with which key, and what it takes.</exception>
    public static NodeConfiguration Load(string? fileText, IEnumerable<KeyValuePair<string, string>> sets)
    {
        var asked = new Dictionary<string, string>(fileText is null ? [] : ReadFile(fileText), StringComparer.Ordinal);
        foreach ((string name, string value) in sets) asked[name] = value;
        foreach (string name in asked.Keys) CheckName(name);
        var given = new Dictionary<string, string>(asked, StringComparer.Ordinal);
        foreach ((string name, string value) in fileText is null ? WithoutFile : []) given.TryAdd(name, value);
        AddSynonyms(given);
        ConfigValues values = ConfigValues.Parse(ConfigCatalog.Broker, given);
        var warnings = new List<string>();
        StartChecks.Run(values, warnings);
        warnings.AddRange(asked.Keys.Order(StringComparer.Ordinal).Select(Warning).OfType<string>());
        return new NodeConfiguration(new NodeOptions(values) { FormatsOnStart = fileText is null }, warnings);
    }

    /// <summary>Reads <c>key=value</c>.</summary>
    /// <exception cref="ConfigException">There is no equals sign, or nothing before it.</exception>
    public static KeyValuePair<string, string> ParseSet(string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0
            ? new KeyValuePair<string, string>(text[..equals].Trim(), text[(equals + 1)..])
            : throw new ConfigException(text, null, "key=value is needed");
    }

    private static IReadOnlyList<KeyValuePair<string, string>> ReadFile(string text)
    {
        try
        {
            return PropertiesText.Parse(text);
        }
        catch (FormatException e)
        {
            throw ConfigException.Malformed(e.Message);
        }
    }

    private static void CheckName(string name)
    {
        if (ConfigCatalog.Broker.TryGet(name, out _) || ForeignKeys.IsOfListener(name) || ForeignKeys.IsOfPlugin(name)) return;
        throw ForeignKeys.IsRemoved(name) ? ConfigException.Removed(name) : ConfigException.Unknown(name, ConfigCatalog.Broker.Nearest(name));
    }

    private static string? Warning(string name) => (ConfigCatalog.Broker.TryGet(name, out ConfigKey? key) ? key.Effect : KeyEffect.None) switch
    {
        KeyEffect.None => $"{name} is accepted and has no effect here",
        KeyEffect.NotYet => $"{name} is accepted and has no effect yet",
        _ => null,
    };

    // Either name of the node's number gives the other, as in Kafka.
    private static void AddSynonyms(Dictionary<string, string> given)
    {
        if (given.TryGetValue(NodeKeys.NodeId.Name, out string? id)) given.TryAdd(NodeKeys.BrokerId.Name, id);
        else if (given.TryGetValue(NodeKeys.BrokerId.Name, out id)) given[NodeKeys.NodeId.Name] = id;
    }
}
