using System.CommandLine;
using Moldau.Client.Connections;
using Moldau.Output;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster apis</c>.</summary>
internal static class ClusterApisCommand
{
    private static readonly Option<int?> Broker = new("--broker") { Description = "Which broker; any otherwise.", HelpName = "ID" };

    public static Command Create() => Session.Run(new Command("apis", "Show the APIs and versions that a broker serves.") { Broker }, RunAsync).WithExamples("moldau cluster apis");

    private static async Task<int> RunAsync(Session session)
    {
        ApiVersionSet versions = await session.Admin.Cluster.VersionsAsync(session.Parsed.GetValue(Broker), session.Stop);
        var listing = new Listing(new("Key", "key", true), new("API", "name"), new("From", "min", true), new("To", "max", true), new("Used", "used", true));
        foreach ((ApiKey api, VersionRange range) in versions.Apis.OrderBy(static each => each.Key))
        {
            listing.Add((int)api, Enum.IsDefined(api) ? api.ToString() : null, (int)range.Lowest, (int)range.Highest, versions.Pick(api) is { } used ? (int)used : null);
        }

        listing.Write(session.Json);
        return ExitCode.Success;
    }
}
