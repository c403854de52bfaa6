using Moldau.Metadata.Control;
using Moldau.Protocol;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>What the controller must know of configuration keys, from their declarations and the node's file.</summary>
/// <param name="file">What the node's file sets.</param>
public sealed class CatalogConfigRules(IReadOnlyDictionary<string, string> file) : IConfigRules
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly ConfigLayers atStart = new(file);

    /// <inheritdoc/>
    public ApiError Validate(ConfigResource resource, IReadOnlyDictionary<string, string> proposed, IReadOnlyDictionary<string, string> current) => resource.Type switch
    {
        ConfigResourceType.Topic => TopicRules.Check(resource.Name, proposed, atStart),
        ConfigResourceType.Broker => BrokerRules.Check(resource.Name, proposed, current, file),
        ConfigResourceType.Group => GroupRules.Check(resource.Name, proposed, atStart),
        ConfigResourceType.ClientMetrics => ClientMetricsRules.Check(resource.Name, proposed),
        _ => new ApiError(ErrorCode.InvalidRequest, $"Unknown resource type {resource.Type}"),
    };

    /// <inheritdoc/>
    /// <remarks>Only lists of topics and brokers are changed by element; those of groups and subscriptions are set as a whole, as in Kafka.</remarks>
    public bool IsList(ConfigResourceType type, string name) =>
        type is ConfigResourceType.Topic or ConfigResourceType.Broker && Find(type, name) is { Type: ConfigType.List };

    /// <inheritdoc/>
    public string? Default(ConfigResourceType type, string name) => Find(type, name)?.DefaultText;

    /// <inheritdoc/>
    public string? StaticTopicConfig(string name) =>
        ConfigCatalog.Topic.TryGet(name, out ConfigKey? key) ? atStart.Topic(Nothing).Text(key) : null;

    /// <inheritdoc/>
    public IReadOnlyList<EffectiveConfig> EffectiveTopicConfigs(
        IReadOnlyDictionary<string, string> topic, IReadOnlyDictionary<string, string> node, IReadOnlyDictionary<string, string> cluster)
    {
        var layers = new ConfigLayers(file, cluster, node);
        return [.. ConfigCatalog.Topic.Keys.Where(key => !key.IsInternal || topic.ContainsKey(key.Name)).Select(key => Effective(key, topic, layers))];
    }

    private static EffectiveConfig Effective(ConfigKey key, IReadOnlyDictionary<string, string> topic, ConfigLayers layers)
    {
        // As in Kafka, the answer to a creation repeats the words of the request; DescribeConfigs shows what they mean.
        if (topic.TryGetValue(key.Name, out string? own)) return Show(key, own, ConfigSource.Topic);
        return layers.Fallback(key) is { } finding ? Show(key, finding.Text, finding.Source) : Show(key, key.DefaultText, ConfigSource.Default);
    }

    private static EffectiveConfig Show(ConfigKey key, string? value, ConfigSource source) =>
        new(key.Name, key.IsSensitive ? null : value, (sbyte)source, key.IsSensitive, false);

    private static ConfigKey? Find(ConfigResourceType type, string name)
    {
        ConfigCatalog? catalog = type switch
        {
            ConfigResourceType.Topic => ConfigCatalog.Topic,
            ConfigResourceType.Broker => ConfigCatalog.Broker,
            ConfigResourceType.Group => ConfigCatalog.Group,
            ConfigResourceType.ClientMetrics => ConfigCatalog.ClientMetrics,
            _ => null,
        };
        return catalog is not null && catalog.TryGet(name, out ConfigKey? key) ? key : null;
    }
}
