using System.Collections.Immutable;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>What was set dynamically, by resource. Immutable.</summary>
public sealed record ConfigurationsImage
{
    /// <summary>Nothing set.</summary>
    public static readonly ConfigurationsImage Empty = new();

    private static readonly ImmutableSortedDictionary<string, string> NoConfigs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Resources with at least one value.</summary>
    public ImmutableSortedDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> Resources { get; init; } =
        ImmutableSortedDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>What is set on a resource; empty when nothing is.</summary>
    public ImmutableSortedDictionary<string, string> Of(ConfigResource resource) => Resources.GetValueOrDefault(resource, NoConfigs);

    internal ConfigurationsImage Replay(ConfigRecord record)
    {
        var resource = new ConfigResource((ConfigResourceType)record.ResourceType, record.ResourceName);
        ImmutableSortedDictionary<string, string> configs = Of(resource);
        configs = record.Value is null ? configs.Remove(record.Name) : configs.SetItem(record.Name, record.Value);
        return this with { Resources = configs.IsEmpty ? Resources.Remove(resource) : Resources.SetItem(resource, configs) };
    }

    internal ConfigurationsImage WithoutTopic(string topic) => this with { Resources = Resources.Remove(ConfigResource.Topic(topic)) };
}
