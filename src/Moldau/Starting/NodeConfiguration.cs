using Moldau.Broker;
using Moldau.Metadata.Configuration;

namespace Moldau.Starting;

internal sealed record NodeConfiguration(NodeOptions Options, IReadOnlyList<string> Warnings)
{
    public static NodeConfiguration Load(string? fileText, IEnumerable<KeyValuePair<string, string>> sets)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["node.id"] = "1",
            ["process.roles"] = "broker,controller",
            ["listeners"] = "PLAINTEXT://127.0.0.1:9092",
            ["offsets.topic.replication.factor"] = "1",
        };
        if (fileText is not null) given = new Dictionary<string, string>(PropertiesText.Parse(fileText), StringComparer.Ordinal);
        foreach ((string name, string value) in sets) given[name] = value;
        foreach (string name in given.Keys)
        {
            if (!ConfigCatalog.Broker.TryGet(name, out _)) throw new ConfigException(name, given[name], $"there is no such key; nearest: {ConfigCatalog.Broker.Nearest(name)}");
        }

        return new NodeConfiguration(NodeOptions.Parse(given) with { FormatsOnStart = fileText is null }, []);
    }

    public static KeyValuePair<string, string> ParseSet(string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0 ? new(text[..equals].Trim(), text[(equals + 1)..]) : throw new ConfigException(text, null, "key=value is needed");
    }
}
