using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands.Configs;

/// <summary><c>moldau config describe</c>.</summary>
internal static class ConfigDescribeCommand
{
    private static readonly Option<bool> All = new("--all", "-a") { Description = "Also what has its default." };

    public static Command Create() =>
        Session.Run(new Command("describe", "Show a configuration and where each value comes from.") { ResourceArguments.Kind, ResourceArguments.Name, All }, RunAsync)
            .WithExamples("moldau config describe topic --name lines --all", "moldau config describe broker --name 1", "moldau config describe cluster");

    private static async Task<int> RunAsync(Session session)
    {
        var listing = new Listing(new("Key", "name"), new("Value", "value"), new("From", "source"), new("Read-only", "readOnly"));
        foreach (ConfigEntry entry in await session.Admin.Configs.DescribeAsync(ResourceArguments.Of(session.Parsed), cancellation: session.Stop))
        {
            if (entry.Source == ConfigSource.Default && !session.Parsed.GetValue(All)) continue;
            listing.Add(entry.Name, entry.IsSensitive ? (JsonNode)"(hidden)" : entry.Value, NameOf(entry.Source), entry.IsReadOnly);
        }

        if (listing.Count == 0 && !session.Json) Console.Error.WriteLine("Everything has its default; --all shows it.");
        else listing.Write(session.Json);
        return ExitCode.Success;
    }

    private static string NameOf(ConfigSource source) => source switch
    {
        ConfigSource.DynamicTopic => "topic",
        ConfigSource.DynamicBroker => "broker",
        ConfigSource.DynamicDefaultBroker => "cluster",
        ConfigSource.StaticBroker => "file",
        ConfigSource.Default => "default",
        ConfigSource.DynamicBrokerLogger => "logger",
        ConfigSource.ClientMetrics => "client-metrics",
        ConfigSource.Group => "group",
        _ => "unknown",
    };
}
