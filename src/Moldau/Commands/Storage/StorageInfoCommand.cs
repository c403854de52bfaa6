using System.CommandLine;
using Moldau.Broker;
using Moldau.Broker.Quorum.Formatting;
using Moldau.Output;
using Moldau.Storage;

namespace Moldau.Commands.Storage;

/// <summary><c>moldau storage info</c>.</summary>
internal static class StorageInfoCommand
{
    private static readonly Option<string> Config = new("--config", "-c") { Description = "The node's properties file.", HelpName = "FILE", Required = true };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON, for programs." };

    public static Command Create()
    {
        var command = new Command("info", "Show what the log directories of a node belong to. Ends with 1 when one is not formatted.") { Config, Json };
        command.SetAction(Run);
        return command.WithExamples("moldau storage info -c server.properties");
    }

    private static int Run(ParseResult parsed)
    {
        NodeOptions node = OfflineNode.Load(parsed.GetValue(Config)!);
        LogDirectorySet set = LogDirectorySet.Load(OfflineNode.Files, node.LogDirs.Append(node.MetadataLogDir).Distinct());
        var listing = new Listing(new("Directory", "directory"), new("Formatted", "formatted"), new("Cluster", "clusterId"), new("Node", "nodeId", true), new("Id", "directoryId"));
        foreach ((string directory, MetaProperties properties) in set.Formatted) listing.Add(directory, true, properties.ClusterId, properties.NodeId.Value, properties.DirectoryId?.ToString());
        foreach (string directory in set.Unformatted) listing.Add(directory, false, null, null, null);
        listing.Write(parsed.GetValue(Json));
        return set.Unformatted.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
