using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>What an image was made from: the last record in it.</summary>
/// <param name="LastContainedOffset">Its offset in the metadata log, -1 for an empty image.</param>
/// <param name="LastContainedEpoch">Its leader epoch, -1 for an empty image.</param>
/// <param name="LastContainedLogTimeMs">Its append time in milliseconds of the epoch, -1 for an empty image.</param>
public readonly record struct MetadataProvenance(long LastContainedOffset, int LastContainedEpoch, long LastContainedLogTimeMs)
{
    /// <summary>Of an image without records.</summary>
    public static readonly MetadataProvenance Empty = new(-1, -1, -1);
}

/// <summary>
/// The state of the cluster at one offset of the metadata log. Immutable: readers hold a reference and are never disturbed, a change shares what it
/// does not touch. Made from records by <see cref="MetadataDelta"/>, turned into a snapshot by <see cref="ImageWriter"/>.
/// </summary>
public sealed record MetadataImage
{
    /// <summary>Before the first record.</summary>
    public static readonly MetadataImage Empty = new();

    /// <summary>The last record in it.</summary>
    public MetadataProvenance Provenance { get; init; } = MetadataProvenance.Empty;

    /// <summary>Finalized features.</summary>
    public FeaturesImage Features { get; init; } = FeaturesImage.Empty;

    /// <summary>Brokers and controllers.</summary>
    public ClusterImage Cluster { get; init; } = ClusterImage.Empty;

    /// <summary>Topics and partitions.</summary>
    public TopicsImage Topics { get; init; } = TopicsImage.Empty;

    /// <summary>Dynamic configurations, those of client metrics subscriptions and groups included.</summary>
    public ConfigurationsImage Configs { get; init; } = ConfigurationsImage.Empty;

    /// <summary>Client quotas.</summary>
    public ClientQuotasImage ClientQuotas { get; init; } = ClientQuotasImage.Empty;

    /// <summary>The first producer id of the next block; -1 before the first block.</summary>
    public long NextProducerId { get; init; } = -1;

    /// <summary>Access control list.</summary>
    public AclsImage Acls { get; init; } = AclsImage.Empty;

    /// <summary>SCRAM credentials.</summary>
    public ScramImage Scram { get; init; } = ScramImage.Empty;

    /// <summary>Delegation tokens.</summary>
    public DelegationTokensImage DelegationTokens { get; init; } = DelegationTokensImage.Empty;

    /// <summary>Whether nothing was ever replayed.</summary>
    public bool IsEmpty => Provenance.LastContainedOffset < 0;
}

/// <summary>The one place where a record changes an image: for brokers and controllers, live and in recovery.</summary>
internal static class RecordReplay
{
    /// <summary>The image after a record. Records of transactions are <see cref="ImageTip"/>'s.</summary>
    internal static MetadataImage Replay(MetadataImage image, IMessage message) => message switch
    {
        PartitionRecord r => image with { Topics = image.Topics.Replay(r) },
        PartitionChangeRecord r => image with { Topics = image.Topics.Replay(r) },
        TopicRecord r => image with { Topics = image.Topics.Replay(r) },
        ConfigRecord r => image with { Configs = image.Configs.Replay(r) },
        RemoveTopicRecord r => RemoveTopic(image, r),
        ClearElrRecord r => image with { Topics = image.Topics.Replay(r) },
        BrokerRegistrationChangeRecord r => image with { Cluster = image.Cluster.Replay(r) },
        RegisterBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        UnregisterBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        FenceBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        UnfenceBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        RegisterControllerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        UnregisterControllerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        FeatureLevelRecord r => image with { Features = image.Features.Replay(r) },
        ProducerIdsRecord r => ProducerIds(image, r),
        ClientQuotaRecord r => image with { ClientQuotas = image.ClientQuotas.Replay(r) },
        AccessControlEntryRecord r => image with { Acls = image.Acls.Replay(r) },
        RemoveAccessControlEntryRecord r => image with { Acls = image.Acls.Replay(r) },
        UserScramCredentialRecord r => image with { Scram = image.Scram.Replay(r) },
        RemoveUserScramCredentialRecord r => image with { Scram = image.Scram.Replay(r) },
        DelegationTokenRecord r => image with { DelegationTokens = image.DelegationTokens.Replay(r) },
        RemoveDelegationTokenRecord r => image with { DelegationTokens = image.DelegationTokens.Replay(r) },
        NoOpRecord => image,
        // Left in logs of clusters that once came from ZooKeeper; nothing hangs on it in 4.x.
        ZkMigrationStateRecord => image,
        _ => throw new UnknownMetadataRecordException(message.Schema.Name),
    };

    private static MetadataImage RemoveTopic(MetadataImage image, RemoveTopicRecord record)
    {
        TopicsImage topics = image.Topics.Replay(record, out string name);
        return image with { Topics = topics, Configs = image.Configs.WithoutTopic(name) };
    }

    private static MetadataImage ProducerIds(MetadataImage image, ProducerIdsRecord record)
    {
        if (record.NextProducerId <= image.NextProducerId)
        {
            throw new MetadataReplayException($"ProducerIdsRecord sets the next producer id to {record.NextProducerId}, which is not above {image.NextProducerId}");
        }

        return image with { NextProducerId = record.NextProducerId };
    }
}
