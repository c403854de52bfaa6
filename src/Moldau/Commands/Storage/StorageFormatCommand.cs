using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Broker;
using Moldau.Broker.Quorum.Formatting;
using Moldau.Metadata.Configuration;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Storage;

/// <summary><c>moldau storage format</c>, with the options of Kafka's own tool.</summary>
internal static class StorageFormatCommand
{
    private static readonly Option<string> Config = new("--config", "-c") { Description = "The node's properties file.", HelpName = "FILE", Required = true };
    private static readonly Option<string> ClusterId = new("--cluster-id", "-t") { Description = "The cluster's id, the same for all its nodes; moldau storage random-uuid makes one.", HelpName = "ID", Required = true };
    private static readonly Option<bool> Standalone = new("--standalone", "-s") { Description = "The node is a quorum of one." };
    private static readonly Option<bool> NoInitialControllers = new("--no-initial-controllers", "-N") { Description = "The node joins a quorum that exists." };
    private static readonly Option<string?> InitialControllers = new("--initial-controllers", "-I") { Description = "The voters of a new quorum.", HelpName = "ID@HOST:PORT:DIRECTORY,..." };
    private static readonly Option<bool> IgnoreFormatted = new("--ignore-formatted", "-g") { Description = "Leave directories alone that are formatted." };
    private static readonly Option<string?> Release = new("--release-version", "-r") { Description = "The release whose feature levels the cluster begins with; the newest otherwise.", HelpName = "VERSION" };
    private static readonly Option<string[]> Features = new("--feature", "-f") { Description = "A feature's level; repeatable.", HelpName = "NAME=LEVEL", DefaultValueFactory = static _ => [] };
    private static readonly Option<string[]> Scram = new("--add-scram", "-S") { Description = "Not supported.", HelpName = "CREDENTIAL", Hidden = true, DefaultValueFactory = static _ => [] };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON, for programs." };

    public static Command Create()
    {
        var command = new Command("format", "Prepare the log directories of a node.") { Config, ClusterId, Standalone, NoInitialControllers, InitialControllers, IgnoreFormatted, Release, Features, Scram, Json };
        command.SetAction(static (parsed, _) => RunAsync(parsed));
        return command.WithExamples("moldau storage format -t $(moldau storage random-uuid) -c server.properties --standalone");
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        FormatOptions options = OptionsOf(parsed, OfflineNode.Load(parsed.GetValue(Config)!));
        FormatResult result = await new StorageFormatter(OfflineNode.Files, OfflineNode.Scheduler).FormatAsync(options);
        if (parsed.GetValue(Json)) JsonText.Write(ToJson(options, result));
        else foreach (string line in result.Lines) Console.Out.WriteLine(line);
        return ExitCode.Success;
    }

    private static JsonObject ToJson(FormatOptions options, FormatResult result)
    {
        var listing = new Listing(new("Directory", "directory"), new("Kind", "kind"), new("Id", "directoryId"));
        foreach (FormattedDirectory directory in result.Formatted) listing.Add(directory.Directory, directory.Description, directory.Properties.DirectoryId?.ToString());
        return new JsonObject { ["clusterId"] = options.ClusterId, ["metadataVersion"] = result.ReleaseVersion, ["formatted"] = listing.ToJson() };
    }

    private static FormatOptions OptionsOf(ParseResult parsed, NodeOptions node)
    {
        ListenerOptions? controller = node.Listeners.FirstOrDefault(static listener => listener.ServesController);
        return new FormatOptions
        {
            ClusterId = parsed.GetValue(ClusterId)!,
            NodeId = (BrokerId)node.NodeId,
            Directories = node.LogDirs,
            MetadataDirectory = node.MetadataLogDir,
            IsController = node.Roles.Count == 0 || node.Roles.Contains("controller"),
            ControllerListener = controller?.Name ?? "CONTROLLER",
            ControllerAddress = controller is null ? ("", 0) : (controller.AdvertisedHost, controller.AdvertisedPort),
            HasConfiguredVoters = node.Values.Get(QuorumKeys.ControllerQuorumVoters) is { Count: > 0 },
            Quorum = QuorumOf(parsed),
            InitialControllers = parsed.GetValue(InitialControllers) is { } voters ? InitialController.ParseList(voters) : [],
            ReleaseVersion = parsed.GetValue(Release),
            Features = parsed.GetValue(Features)!,
            ScramCredentials = parsed.GetValue(Scram)!,
            IgnoreFormatted = parsed.GetValue(IgnoreFormatted),
        };
    }

    private static InitialQuorum QuorumOf(ParseResult parsed)
    {
        List<InitialQuorum> chosen = [];
        if (parsed.GetValue(Standalone)) chosen.Add(InitialQuorum.Standalone);
        if (parsed.GetValue(NoInitialControllers)) chosen.Add(InitialQuorum.NoInitialControllers);
        if (parsed.GetValue(InitialControllers) is not null) chosen.Add(InitialQuorum.InitialControllers);
        return chosen.Count switch
        {
            0 => InitialQuorum.Unspecified,
            1 => chosen[0],
            _ => throw new UsageException("--standalone, --no-initial-controllers and --initial-controllers exclude each other"),
        };
    }
}
