using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Configuration;
using Moldau.Metadata.Image;

namespace Moldau.Broker.Configuration;

/// <summary>
/// The node's configuration in effect: what its file says, with what is set dynamically on it or on all brokers over it (KIP-226). The publisher changes it before
/// the image is shown; who depends on a value reads <see cref="Current"/> each time, or is told by <see cref="WhenChanged"/>. Reads are free of locks.
/// </summary>
internal sealed class DynamicConfig : IMetadataObserver
{
    private readonly NodeOptions atStart;
    private readonly ILogger logger;
    private readonly IReadOnlyDictionary<string, string> file;
    private readonly List<Action<NodeOptions>> listeners = [];
    private volatile NodeOptions current;
    private volatile Known? known;

    /// <summary>What the file says, until the metadata is known.</summary>
    public DynamicConfig(NodeOptions atStart, ILogger logger)
    {
        this.atStart = atStart;
        this.logger = logger;
        file = atStart.FileValues();
        current = atStart;
    }

    /// <summary>What is in effect now.</summary>
    public NodeOptions Current => current;

    /// <summary>Tells a part of the node of every change. Called while the node is put together.</summary>
    public void WhenChanged(Action<NodeOptions> apply) => listeners.Add(apply);

    /// <summary>What is set where, as an image has it.</summary>
    public ConfigLayers LayersOf(ConfigurationsImage image)
    {
        ImmutableSortedDictionary<string, string> cluster = image.Of(ConfigResource.ClusterDefault), broker = image.Of(ConfigResource.Broker(atStart.NodeId));
        Known? last = known;
        if (last is not null && ReferenceEquals(last.Cluster, cluster) && ReferenceEquals(last.Broker, broker)) return last.Layers;
        var layers = new ConfigLayers(file, cluster, broker);
        known = new Known(cluster, broker, layers);
        return layers;
    }

    public void MetadataChanged(MetadataDelta delta, MetadataImage image)
    {
        ConfigResource self = ConfigResource.Broker(atStart.NodeId);
        if (!delta.ChangedConfigs().Any(resource => resource == ConfigResource.ClusterDefault || resource == self)) return;
        ConfigLayers made = LayersOf(image.Configs);
        foreach (string reason in made.Ignored) logger.ConfigIgnored(reason);
        NodeOptions next = atStart with { Values = made.Node() };
        current = next;
        foreach (Action<NodeOptions> apply in listeners) apply(next);
    }

    private sealed record Known(ImmutableSortedDictionary<string, string> Cluster, ImmutableSortedDictionary<string, string> Broker, ConfigLayers Layers);
}
