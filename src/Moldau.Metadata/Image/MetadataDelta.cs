using System.Collections.Immutable;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>
/// Records on top of an image: what changes, and the image that results. One publisher replays committed records into a delta, applies it, and shows
/// delta and image to whoever depends on them. Not thread-safe.
/// </summary>
/// <remarks>
/// While a metadata transaction is open nothing may be published: the publisher keeps the delta, and the changes appear with the transaction's end or
/// vanish with its abort. The differences are taken between images, so an aborted transaction leaves no trace in them.
/// </remarks>
public sealed class MetadataDelta
{
    private readonly ImageTip tip;
    private readonly bool fromSnapshot;
    private readonly SortedSet<Uuid> topics = [];
    private readonly SortedSet<ConfigResource> configs = [];
    private bool everyElrCleared;

    /// <summary>A delta of records that follow <paramref name="image"/>.</summary>
    public MetadataDelta(MetadataImage image)
        : this(image, image, false)
    {
    }

    private MetadataDelta(MetadataImage image, MetadataImage start, bool fromSnapshot)
    {
        Image = image;
        tip = new ImageTip(start);
        this.fromSnapshot = fromSnapshot;
    }

    /// <summary>The image before.</summary>
    public MetadataImage Image { get; }

    /// <summary>Whether a metadata transaction is open: then the delta may not be applied.</summary>
    public bool InTransaction => tip.InTransaction;

    /// <summary>A delta whose records are a whole snapshot: what they do not name is gone. <see cref="FinishSnapshot"/> after the last record.</summary>
    public static MetadataDelta ForSnapshot(MetadataImage image) => new(image, MetadataImage.Empty, true);

    /// <summary>Takes in the next record.</summary>
    /// <exception cref="MetadataReplayException">The record is unknown or does not fit.</exception>
    public void Replay(IMessage message)
    {
        switch (message)
        {
            case TopicRecord r: topics.Add(r.TopicId); break;
            case PartitionRecord r: topics.Add(r.TopicId); break;
            case PartitionChangeRecord r: topics.Add(r.TopicId); break;
            case RemoveTopicRecord r:
                topics.Add(r.TopicId);
                if (tip.Image.Topics.Find(r.TopicId) is { } removed) configs.Add(ConfigResource.Topic(removed.Name));
                break;
            case ClearElrRecord { TopicName.Length: > 0 } r:
                if (tip.Image.Topics.Find(r.TopicName) is { } cleared) topics.Add(cleared.Id);
                break;
            case ClearElrRecord: everyElrCleared = true; break;
            case ConfigRecord r: configs.Add(new ConfigResource((ConfigResourceType)r.ResourceType, r.ResourceName)); break;
        }

        tip.Replay(message);
    }

    /// <summary>The snapshot is complete.</summary>
    /// <exception cref="MetadataReplayException">The snapshot ends inside of a transaction.</exception>
    public void FinishSnapshot()
    {
        Invariant.That(fromSnapshot);
        if (InTransaction) throw new MetadataReplayException("the snapshot ends inside of a metadata transaction");
        foreach (Uuid id in Image.Topics.Ids.Values) topics.Add(id);
        configs.UnionWith(Image.Configs.Resources.Keys);
    }

    /// <summary>The image after. The provenance is that of the last record.</summary>
    public MetadataImage Apply(MetadataProvenance provenance)
    {
        Invariant.That(!InTransaction);
        return tip.Image with { Provenance = provenance };
    }

    /// <summary>Topics and partitions that are new, changed or gone.</summary>
    public TopicsDelta Topics()
    {
        TopicsImage after = tip.Image.Topics;
        if (everyElrCleared) topics.UnionWith(after.Ids.Values);
        return ReferenceEquals(Image.Topics, after) ? TopicsDelta.None : TopicsDelta.Between(Image.Topics, after, topics);
    }

    /// <summary>Resources whose configuration differs, in order.</summary>
    public ImmutableArray<ConfigResource> ChangedConfigs() =>
        [.. configs.Where(resource => !Image.Configs.Of(resource).SequenceEqual(tip.Image.Configs.Of(resource)))];

    /// <summary>Brokers that are new, changed or gone, in order of id.</summary>
    public ImmutableArray<int> ChangedBrokers() => ReferenceEquals(Image.Cluster, tip.Image.Cluster)
        ? []
        : [.. Image.Cluster.Brokers.Keys.Union(tip.Image.Cluster.Brokers.Keys).Where(id => !Equals(Image.Cluster.Broker(id), tip.Image.Cluster.Broker(id))).Order()];

    /// <summary>Whether a feature level differs.</summary>
    public bool FeaturesChanged => Image.Features.MetadataVersion != tip.Image.Features.MetadataVersion || !Image.Features.Finalized.SequenceEqual(tip.Image.Features.Finalized);

    /// <summary>Whether client quotas may differ.</summary>
    public bool ClientQuotasChanged => !ReferenceEquals(Image.ClientQuotas, tip.Image.ClientQuotas);

    /// <summary>Whether the access control list may differ.</summary>
    public bool AclsChanged => !ReferenceEquals(Image.Acls, tip.Image.Acls);

    /// <summary>Whether SCRAM credentials may differ.</summary>
    public bool ScramChanged => !ReferenceEquals(Image.Scram, tip.Image.Scram);

    /// <summary>Whether delegation tokens may differ.</summary>
    public bool DelegationTokensChanged => !ReferenceEquals(Image.DelegationTokens, tip.Image.DelegationTokens);
}
