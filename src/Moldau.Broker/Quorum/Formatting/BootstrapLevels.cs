using System.Globalization;
using Moldau.Metadata.Features;

namespace Moldau.Broker.Quorum.Formatting;

/// <summary>The feature levels that a new cluster begins with, from <c>--release-version</c> and <c>--feature</c>.</summary>
/// <param name="MetadataVersion">The level of <c>metadata.version</c>.</param>
/// <param name="Given">The levels that were given for other features.</param>
/// <param name="KRaftVersion">The level of <c>kraft.version</c>.</param>
internal sealed record BootstrapLevels(MetadataVersion MetadataVersion, IReadOnlyDictionary<string, short> Given, short KRaftVersion)
{
    /// <exception cref="FormatRefusedException">They are unknown, or contradict each other or the quorum.</exception>
    public static BootstrapLevels Of(FormatOptions options)
    {
        var given = new SortedDictionary<string, short>(StringComparer.Ordinal);
        foreach (string feature in options.Features)
        {
            (string name, short level) = Parse(feature);
            if (!given.TryAdd(name, level)) throw new FormatRefusedException($"Feature {name} was specified more than once.");
        }

        MetadataVersion version = Release(options, given);
        given.Remove(MetadataVersion.FeatureName);
        foreach ((string name, short level) in given) Check(name, level, version);
        short kraft = KRaft(options, given);
        given.Remove(FeatureCatalog.KRaftVersion);
        return new BootstrapLevels(version, given, kraft);
    }

    private static (string, short) Parse(string feature)
    {
        int equals = feature.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) throw new FormatRefusedException($"Can't parse feature=level string {feature}: equals sign not found.");
        string name = feature[..equals].Trim();
        if (!short.TryParse(feature.AsSpan(equals + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out short level))
            throw new FormatRefusedException($"Can't parse feature=level string {feature}: unable to parse {feature[(equals + 1)..].Trim()} as a short.");
        return (name, level);
    }

    private static MetadataVersion Release(FormatOptions options, SortedDictionary<string, short> given)
    {
        if (given.TryGetValue(MetadataVersion.FeatureName, out short level))
        {
            if (options.ReleaseVersion is not null)
                throw new FormatRefusedException("Use --release-version instead of --feature metadata.version=X to avoid ambiguity.");
            return MetadataVersions.Find(level) is not null
                ? new MetadataVersion(level)
                : throw new FormatRefusedException(
                    $"No MetadataVersion with feature level {level}. Valid feature levels are from {MetadataVersion.Minimum.Level} to {MetadataVersion.Latest.Level}.");
        }

        if (options.ReleaseVersion is null) return MetadataVersion.Latest;
        return MetadataVersion.TryParse(options.ReleaseVersion, out MetadataVersion version)
            ? version
            : throw new FormatRefusedException(
                $"Unknown metadata.version '{options.ReleaseVersion}'. Supported metadata.version are: {string.Join(", ", MetadataVersions.All.Select(info => info.Name))}");
    }

    private static void Check(string name, short level, MetadataVersion version)
    {
        if (FeatureCatalog.Find(name) is not { } feature)
        {
            throw new FormatRefusedException(
                $"Unsupported feature: {name}. Supported features are: {string.Join(", ", FeatureCatalog.All.Select(known => known.Name))}");
        }

        if (!feature.Supported.Contains(level)) throw new FormatRefusedException($"No feature:{name} with feature level {level}");
        if (level > 0 && version.Level < feature.RequiredMetadataVersion)
        {
            throw new FormatRefusedException(
                $"{name} could not be set to {level} because it depends on {MetadataVersion.FeatureName} level {feature.RequiredMetadataVersion}");
        }
    }

    private static short KRaft(FormatOptions options, SortedDictionary<string, short> given)
    {
        bool isDynamic = !options.HasConfiguredVoters && options.Quorum != InitialQuorum.Unspecified;
        short level = isDynamic ? (short)1 : (short)0;
        if (!given.TryGetValue(FeatureCatalog.KRaftVersion, out short wanted) || wanted == level) return level;
        throw new FormatRefusedException(isDynamic
            ? $"Cannot set kraft.version to {wanted} if controller.quorum.voters is empty and one of the flags --standalone, --initial-controllers, or "
              + "--no-initial-controllers is used. For dynamic controllers support, try removing the --feature flag for kraft.version."
            : $"Cannot set kraft.version to {wanted} unless controller.quorum.voters is empty and one of the flags --standalone, --initial-controllers, or "
              + "--no-initial-controllers is used. For dynamic controllers support, try using one of --standalone, --initial-controllers, or "
              + "--no-initial-controllers and removing controller.quorum.voters.");
    }
}
