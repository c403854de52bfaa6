using System.CommandLine;
using Moldau.Client.Connections;
using Moldau.Output;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster features</c>.</summary>
internal static class ClusterFeaturesCommand
{
    public static Command Create() => Session.Run(new Command("features", "Show the feature levels of the cluster and what its broker could take."), RunAsync)
        .WithExamples("moldau cluster features");

    private static async Task<int> RunAsync(Session session)
    {
        ApiVersionSet versions = await session.Admin.Cluster.VersionsAsync(cancellation: session.Stop);
        Dictionary<string, FeatureLevel> finalized = versions.Finalized.ToDictionary(static feature => feature.Name);
        var listing = new Listing(new("Feature", "name"), new("Level", "level", true), new("Supported from", "supportedMin", true), new("to", "supportedMax", true));
        foreach (FeatureLevel feature in versions.Supported.OrderBy(static feature => feature.Name, StringComparer.Ordinal))
        {
            listing.Add(feature.Name, finalized.TryGetValue(feature.Name, out FeatureLevel? level) ? level.Highest : null, feature.Lowest, feature.Highest);
        }

        listing.Write(session.Json);
        return ExitCode.Success;
    }
}
