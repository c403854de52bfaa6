using System.Collections.Immutable;

namespace Moldau.Metadata.Features;

/// <summary>A range of levels, both ends included.</summary>
public readonly record struct LevelRange(short Min, short Max)
{
    /// <summary>What a node that does not list a feature supports of it.</summary>
    public static readonly LevelRange Disabled = new(0, 0);

    /// <summary>Whether a level lies inside.</summary>
    public bool Contains(short level) => level >= Min && level <= Max;

    public override string ToString() => Min == Max ? Min.ToString() : $"{Min}-{Max}";
}

/// <summary>A feature of the cluster and what its levels need.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="Levels">For level 1 and up: the metadata.version from which a new cluster starts at that level.</param>
/// <param name="RequiredMetadataVersion">For level 1 and up: the metadata.version without which it cannot be set; 0 for any.</param>
public sealed record Feature(string Name, ImmutableArray<short> Levels, short RequiredMetadataVersion)
{
    /// <summary>What this version of the software supports.</summary>
    public LevelRange Supported => new(0, (short)Levels.Length);

    /// <summary>The level of a new cluster at a metadata.version.</summary>
    public short DefaultLevel(MetadataVersion version)
    {
        short level = 0;
        while (level < Levels.Length && Levels[level] <= version.Level) level++;
        return level;
    }
}

/// <summary>The features of a 4.4 cluster (KIP-584, KIP-1022).</summary>
public static class FeatureCatalog
{
    /// <summary>The quorum's own version: it lives in control records of the metadata log, not in feature records.</summary>
    public const string KRaftVersion = "kraft.version";

    /// <summary>Transactions: 2 is the protocol of KIP-890.</summary>
    public const string TransactionVersion = "transaction.version";

    /// <summary>1: the group protocol of KIP-848.</summary>
    public const string GroupVersion = "group.version";

    /// <summary>1: eligible leader replicas (KIP-966).</summary>
    public const string ElrVersion = "eligible.leader.replicas.version";

    /// <summary>Share groups (KIP-932).</summary>
    public const string ShareVersion = "share.version";

    /// <summary>Streams groups (KIP-1071).</summary>
    public const string StreamsVersion = "streams.version";

    /// <summary>Every feature but metadata.version, in order of name.</summary>
    public static readonly ImmutableArray<Feature> All =
    [
        new(ElrVersion, [26], 23),
        new(GroupVersion, [22], 0),
        new(KRaftVersion, [21], 0),
        new(ShareVersion, [28, 31], 0),
        new(StreamsVersion, [29], 0),
        new(TransactionVersion, [24, 24], 0),
    ];

    /// <summary>What this version of the software supports of every feature, metadata.version included, in order of name.</summary>
    public static readonly ImmutableSortedDictionary<string, LevelRange> Supported = All
        .ToImmutableSortedDictionary(feature => feature.Name, feature => feature.Supported, StringComparer.Ordinal)
        .Add(MetadataVersion.FeatureName, new LevelRange(MetadataVersion.Minimum.Level, MetadataVersion.Latest.Level));

    /// <summary>The feature of a name; null when this version does not know it.</summary>
    public static Feature? Find(string name)
    {
        foreach (Feature feature in All)
        {
            if (feature.Name == name) return feature;
        }

        return null;
    }
}
