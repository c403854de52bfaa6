using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Moldau.Metadata.Configuration;

/// <summary>All keys of one kind of resource, by name. Immutable; the four catalogs are all there is.</summary>
public sealed class ConfigCatalog
{
    private readonly FrozenDictionary<string, ConfigKey> byName;

    private ConfigCatalog(string scope, params KeySection[] sections)
    {
        Scope = scope;
        Sections = [.. sections.Select(section => (section.Title, section.Keys))];
        Keys = [.. sections.SelectMany(section => section.Keys).OrderBy(key => key.Name, StringComparer.Ordinal)];
        byName = Keys.ToFrozenDictionary(key => key.Name, StringComparer.Ordinal);
    }

    /// <summary>Keys of a node: the static file, and dynamically of one broker or of all.</summary>
    public static ConfigCatalog Broker { get; } = new(
        "broker",
        NodeKeys.Section, ListenerKeys.Section, QuorumKeys.Section, TopicDefaultKeys.Section, LogKeys.Section, RetentionKeys.Section,
        ReplicationKeys.Section, OffsetKeys.Section, GroupKeys.Section, StreamsGroupKeys.Section, ShareGroupKeys.Section,
        TransactionKeys.Section, QuotaKeys.Section, RemoteStorageKeys.Section, SslKeys.Section, SaslKeys.Section, OAuthKeys.Section,
        MoldauKeys.Section);

    /// <summary>Keys of a topic.</summary>
    public static ConfigCatalog Topic { get; } = new("topic", TopicKeys.Section);

    /// <summary>Keys of a group.</summary>
    public static ConfigCatalog Group { get; } = new("group", GroupConfigKeys.Section);

    /// <summary>Keys of a client metrics subscription.</summary>
    public static ConfigCatalog ClientMetrics { get; } = new("client-metrics", ClientMetricsKeys.Section);

    /// <summary>What the keys are of, in words.</summary>
    public string Scope { get; }

    /// <summary>The keys by subject, in the order they are declared.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<ConfigKey> Keys)> Sections { get; }

    /// <summary>The keys in ordinal order of their names.</summary>
    public IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>The key of that name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ConfigKey? key) => byName.TryGetValue(name, out key);

    /// <summary>The name most like one that is not a key, for an error message; null when none is near.</summary>
    public string? Nearest(string unknown) => NearestName.Among(Keys.Select(key => key.Name), unknown);
}
