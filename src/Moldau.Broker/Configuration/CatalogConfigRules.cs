using Moldau.Metadata;
using Moldau.Metadata.Configuration;
using Moldau.Metadata.Control;
using Moldau.Protocol;

namespace Moldau.Broker.Configuration;

/// <summary>What the controller must know of configuration keys, from their declarations and this node's file.</summary>
internal sealed class CatalogConfigRules(NodeOptions options) : IConfigRules
{
    private const sbyte FromTopic = 1, FromBroker = 2, FromCluster = 3, FromFile = 4, FromDefault = 5;

    public ApiError Validate(ConfigResource resource, IReadOnlyDictionary<string, string> proposed, IReadOnlyDictionary<string, string> current)
    {
        if (CatalogOf(resource.Type) is not { } catalog) return new ApiError(ErrorCode.InvalidRequest, $"Unsupported resource type {resource.Type}");
        ErrorCode error = resource.Type == ConfigResourceType.Broker ? ErrorCode.InvalidRequest : ErrorCode.InvalidConfig;
        foreach ((string name, string value) in proposed)
        {
            if (!catalog.TryGet(name, out ConfigKey? key))
            {
                // A broker keeps what it does not know: a plugin of another node may.
                if (resource.Type == ConfigResourceType.Broker) continue;
                return new ApiError(error, $"Unknown {catalog.Scope} config name: {name}");
            }

            if (Object(key, value) is { } reason) return new ApiError(error, reason);
        }

        return ApiError.None;
    }

    public bool IsList(ConfigResourceType type, string name) => Find(type, name) is { Type: ConfigType.List };

    public string? Default(ConfigResourceType type, string name) => Find(type, name)?.DefaultText;

    public string? StaticTopicConfig(string name)
    {
        if (Find(ConfigResourceType.Topic, name) is not { } key) return null;
        foreach (string brokerKey in key.BrokerKeys)
        {
            if (options.Values.Given.TryGetValue(brokerKey, out string? text)) return TopicUnits.Convert(key, brokerKey, text);
        }

        return key.DefaultText;
    }

    public IReadOnlyList<EffectiveConfig> EffectiveTopicConfigs(
        IReadOnlyDictionary<string, string> topic, IReadOnlyDictionary<string, string> node, IReadOnlyDictionary<string, string> cluster) =>
        [.. ConfigCatalog.Topic.Keys.Where(key => !key.IsInternal || topic.ContainsKey(key.Name)).Select(key => Effective(key, topic, node, cluster))];

    private EffectiveConfig Effective(
        ConfigKey key, IReadOnlyDictionary<string, string> topic, IReadOnlyDictionary<string, string> node, IReadOnlyDictionary<string, string> cluster)
    {
        if (topic.TryGetValue(key.Name, out string? own)) return Show(key, own, FromTopic);
        foreach (string name in key.BrokerKeys)
        {
            if (node.TryGetValue(name, out string? text)) return Show(key, TopicUnits.Convert(key, name, text), FromBroker);
            if (cluster.TryGetValue(name, out text)) return Show(key, TopicUnits.Convert(key, name, text), FromCluster);
            if (options.Values.Given.TryGetValue(name, out text)) return Show(key, TopicUnits.Convert(key, name, text), FromFile);
        }

        return Show(key, key.DefaultText, FromDefault);
    }

    private static EffectiveConfig Show(ConfigKey key, string? value, sbyte source) => new(key.Name, key.IsSensitive ? null : value, source, key.IsSensitive, false);

    private static string? Object(ConfigKey key, string value)
    {
        try
        {
            key.Check(value);
            return null;
        }
        catch (ConfigException e)
        {
            return e.Message;
        }
    }

    private static ConfigKey? Find(ConfigResourceType type, string name) =>
        CatalogOf(type) is { } catalog && catalog.TryGet(name, out ConfigKey? key) ? key : null;

    private static ConfigCatalog? CatalogOf(ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => ConfigCatalog.Topic,
        ConfigResourceType.Broker => ConfigCatalog.Broker,
        ConfigResourceType.Group => ConfigCatalog.Group,
        ConfigResourceType.ClientMetrics => ConfigCatalog.ClientMetrics,
        _ => null,
    };
}
