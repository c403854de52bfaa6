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
