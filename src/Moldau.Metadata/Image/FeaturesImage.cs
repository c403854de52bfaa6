using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>The finalized features of the cluster. Immutable.</summary>
public sealed record FeaturesImage
{
    /// <summary>Before the first feature record.</summary>
    public static readonly FeaturesImage Empty = new();

    /// <summary>The level of metadata.version; null before the first record.</summary>
    public MetadataVersion? MetadataVersion { get; init; }

    /// <summary>Every other feature at level 1 or above, by name.</summary>
    public ImmutableSortedDictionary<string, short> Finalized { get; init; } = ImmutableSortedDictionary.Create<string, short>(StringComparer.Ordinal);

    /// <summary>The level of metadata.version, which a log that has content must have set.</summary>
    /// <exception cref="MetadataReplayException">The log did not set it.</exception>
    public MetadataVersion VersionOrThrow => MetadataVersion ?? throw new MetadataReplayException("the metadata log has not set metadata.version");

    /// <summary>The level of a feature other than metadata.version; 0 when it is not enabled.</summary>
    public short Level(string feature) => Finalized.GetValueOrDefault(feature);

    internal FeaturesImage Replay(FeatureLevelRecord record)
    {
        if (record.Name == Features.MetadataVersion.FeatureName)
        {
            var version = new MetadataVersion(record.FeatureLevel);
            if (!version.IsSupported) throw new UnsupportedFeatureLevelException(record.Name, record.FeatureLevel, FeatureCatalog.Supported[record.Name].ToString());
            return this with { MetadataVersion = version };
        }

        // The quorum's version stands in control records; a feature record of it says nothing (KIP-853).
        if (record.Name == FeatureCatalog.KRaftVersion) return this;
        return this with { Finalized = record.FeatureLevel == 0 ? Finalized.Remove(record.Name) : Finalized.SetItem(record.Name, record.FeatureLevel) };
    }
}
