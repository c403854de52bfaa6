using Moldau.Raft;

namespace Moldau.Broker.Quorum.Formatting;

/// <summary>What fits together among the options of a format, and what follows from them.</summary>
internal static class FormatRules
{
    private const string NeedsQuorum =
        "Because controller.quorum.voters is not set on this controller, you must specify one of the following: --standalone, --initial-controllers, or --no-initial-controllers.";

    private const string TwoQuorums =
        "You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. If you want to use dynamic quorum, "
        + "please remove controller.quorum.voters and specify controller.quorum.bootstrap.servers instead.";

    /// <exception cref="FormatRefusedException">They do not fit.</exception>
    public static void Check(FormatOptions options)
    {
        if (options.NodeId < 0) throw new FormatRefusedException("You must specify a valid non-negative node ID.");
        if (options.ClusterId.Length == 0) throw new FormatRefusedException("You must specify the cluster id.");
        if (options.Directories.Count == 0) throw new FormatRefusedException("You must specify at least one directory to format");
        bool namesVoters = options.Quorum is InitialQuorum.Standalone or InitialQuorum.InitialControllers;
        if (options.HasConfiguredVoters && namesVoters) throw new FormatRefusedException(TwoQuorums);
        if (options.Quorum == InitialQuorum.Standalone && !options.IsController) throw new FormatRefusedException("You can only use --standalone on a controller.");
        if (options.Quorum == InitialQuorum.InitialControllers && options.InitialControllers.Count == 0) throw new FormatRefusedException("No voters given.");
        if (options.IsController && !options.HasConfiguredVoters && options.Quorum == InitialQuorum.Unspecified) throw new FormatRefusedException(NeedsQuorum);
        if (options.ScramCredentials.Count > 0) throw new FormatRefusedException("--add-scram is not supported yet: add SCRAM credentials once the cluster runs.");
    }

    /// <summary>The log directories and the metadata directory, in order of their paths, each once.</summary>
    public static IReadOnlyList<string> AllDirectories(FormatOptions options) =>
        [.. options.Directories.Append(options.MetadataDirectory).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What a directory will hold.</summary>
    public static FormattedKind KindOf(string directory, FormatOptions options)
    {
        if (directory != options.MetadataDirectory) return FormattedKind.Data;
        return options.Quorum switch
        {
            InitialQuorum.Standalone => FormattedKind.DynamicMetadataVoter,
            InitialQuorum.InitialControllers => options.InitialControllers.Any(controller => controller.NodeId == options.NodeId)
                ? FormattedKind.DynamicMetadataVoter
                : FormattedKind.DynamicMetadata,
            _ => FormattedKind.Metadata,
        };
    }

    /// <summary>A broker alone begins with an empty metadata log; it gets everything from the controllers.</summary>
    public static bool HasCheckpoint(FormatOptions options) => options.IsController || options.Quorum == InitialQuorum.InitialControllers;

    /// <summary>The voters of the first checkpoint; null where it names none.</summary>
    public static VoterSet? VotersOf(FormatOptions options, Protocol.Uuid directoryId)
    {
        switch (options.Quorum)
        {
            case InitialQuorum.Standalone:
                string host = options.ControllerAddress.Host.Length > 0 ? options.ControllerAddress.Host : "localhost";
                var self = new InitialController(options.NodeId, host, options.ControllerAddress.Port, directoryId);
                return new VoterSet([self.ToVoter(options.ControllerListener)]);
            case InitialQuorum.InitialControllers:
                return new VoterSet(options.InitialControllers.Select(controller => controller.ToVoter(options.ControllerListener)));
            default: return null;
        }
    }
}
