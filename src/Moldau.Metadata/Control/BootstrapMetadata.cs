using Moldau.Metadata.Features;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>The records that a new cluster begins with: written into the first checkpoint by <c>storage format</c>, and from there into the log by the first active controller.</summary>
public static class BootstrapMetadata
{
    /// <summary>Feature levels at a metadata.version: that one first, then every other feature above 0, in order of name.</summary>
    /// <param name="version">The cluster's metadata.version.</param>
    /// <param name="levels">Features at other levels than the version's defaults; 0 leaves one out.</param>
    public static IReadOnlyList<MetadataRecord> Records(MetadataVersion version, IReadOnlyDictionary<string, short>? levels = null)
    {
        var records = new List<MetadataRecord> { Level(MetadataVersion.FeatureName, version.Level) };
        foreach (Feature feature in FeatureCatalog.All)
        {
            // Raft has its own records for the quorum's version.
            if (feature.Name == FeatureCatalog.KRaftVersion) continue;
            short level = levels?.TryGetValue(feature.Name, out short given) == true ? given : feature.DefaultLevel(version);
            if (level > 0) records.Add(Level(feature.Name, level));
        }

        return records;
    }

    /// <summary>The level that bootstrap records give a feature; 0 when they do not name it.</summary>
    internal static short LevelOf(IReadOnlyList<MetadataRecord> records, string feature)
    {
        foreach (MetadataRecord record in records)
        {
            if (record.Message is FeatureLevelRecord level && level.Name == feature) return level.FeatureLevel;
        }

        return 0;
    }

    private static MetadataRecord Level(string name, short level) => new(new FeatureLevelRecord { Name = name, FeatureLevel = level }, 0);
}
