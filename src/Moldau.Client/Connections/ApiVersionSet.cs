using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>What a broker said it speaks, and the features of its cluster. Immutable.</summary>
public sealed class ApiVersionSet
{
    private readonly Dictionary<ApiKey, VersionRange> ranges = [];

    internal ApiVersionSet(ApiVersionsResponse response)
    {
        foreach (ApiVersionsResponse.ApiVersion api in response.ApiKeys) ranges[(ApiKey)api.ApiKey] = new VersionRange(api.MinVersion, api.MaxVersion);
        Finalized = [.. response.FinalizedFeatures.Select(feature => new FeatureLevel(feature.Name, feature.MinVersionLevel, feature.MaxVersionLevel))];
        Supported = [.. response.SupportedFeatures.Select(feature => new FeatureLevel(feature.Name, feature.MinVersion, feature.MaxVersion))];
        FinalizedEpoch = response.FinalizedFeaturesEpoch;
    }

    /// <summary>The APIs with their versions.</summary>
    public IReadOnlyDictionary<ApiKey, VersionRange> Apis => ranges;

    /// <summary>Features at the level that the cluster has agreed on (KIP-584).</summary>
    public IReadOnlyList<FeatureLevel> Finalized { get; }

    /// <summary>Features with the levels that this broker could take.</summary>
    public IReadOnlyList<FeatureLevel> Supported { get; }

    /// <summary>The epoch of <see cref="Finalized"/>; -1 when unknown.</summary>
    public long FinalizedEpoch { get; }

    /// <summary>The highest stable version that both sides have, at most <paramref name="highest"/>; null when there is none.</summary>
    public short? Pick(ApiKey api, short highest = short.MaxValue)
    {
        if (!ranges.TryGetValue(api, out VersionRange theirs) || MessageCatalog.SchemaOfRequest(api) is not { } schema) return null;
        VersionRange ours = schema.Versions;
        short stable = schema.LatestVersionUnstable == true ? (short)(ours.Highest - 1) : ours.Highest;
        VersionRange both = theirs.Intersect(new VersionRange(ours.Lowest, Math.Min(stable, highest)));
        return both.IsEmpty ? null : both.Highest;
    }
}

/// <summary>A feature and a range of its levels.</summary>
/// <param name="Name">For example <c>metadata.version</c>.</param>
/// <param name="Lowest">The lowest level.</param>
/// <param name="Highest">The highest level.</param>
public sealed record FeatureLevel(string Name, short Lowest, short Highest);
