namespace Moldau.Metadata.Control;

/// <summary>A configuration value in effect, as CreateTopics reports it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">The value; null: none, or not to be shown.</param>
/// <param name="Source">Where it comes from, in the numbers of DescribeConfigs (1 topic, 2 broker, 3 cluster default, 4 static, 5 default).</param>
/// <param name="IsSensitive">Whether the value must not be shown.</param>
/// <param name="IsReadOnly">Whether it cannot be changed.</param>
public sealed record EffectiveConfig(string Name, string? Value, sbyte Source, bool IsSensitive, bool IsReadOnly);

/// <summary>What the controller must know of configuration keys. Pure: the same answer for the same question.</summary>
public interface IConfigRules
{
    /// <summary>Whether a resource may have a configuration as a whole; <see cref="ApiError.None"/> or INVALID_CONFIG and the like with the reason.</summary>
    /// <param name="resource">The resource; its name may be malformed.</param>
    /// <param name="proposed">Everything that would be set on it.</param>
    /// <param name="current">Everything that is set on it.</param>
    ApiError Validate(ConfigResource resource, IReadOnlyDictionary<string, string> proposed, IReadOnlyDictionary<string, string> current);

    /// <summary>Whether a key holds a list, so that values can be appended and subtracted.</summary>
    bool IsList(ConfigResourceType type, string name);

    /// <summary>The value of a key where nothing is set; null when it has none.</summary>
    string? Default(ConfigResourceType type, string name);

    /// <summary>What a topic's key is when neither topic nor cluster set it: from the node's own configuration file, else the default.</summary>
    string? StaticTopicConfig(string name);

    /// <summary>Everything in effect on a topic, in order of name.</summary>
    /// <param name="topic">Set on the topic.</param>
    /// <param name="node">Set dynamically on this node.</param>
    /// <param name="cluster">Set dynamically on the whole cluster.</param>
    IReadOnlyList<EffectiveConfig> EffectiveTopicConfigs(
        IReadOnlyDictionary<string, string> topic, IReadOnlyDictionary<string, string> node, IReadOnlyDictionary<string, string> cluster);
}
