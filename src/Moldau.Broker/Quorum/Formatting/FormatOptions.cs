using Moldau.Protocol;

namespace Moldau.Broker.Quorum.Formatting;

/// <summary>Who votes in a new quorum (KIP-853).</summary>
public enum InitialQuorum
{
    /// <summary>Not said: right on a broker, and where <c>controller.quorum.voters</c> is set.</summary>
    Unspecified,

    /// <summary><c>--standalone</c>: this node alone.</summary>
    Standalone,

    /// <summary><c>--initial-controllers</c>: those that are named.</summary>
    InitialControllers,

    /// <summary><c>--no-initial-controllers</c>: the node joins a quorum that exists.</summary>
    NoInitialControllers,
}

/// <summary>What <c>storage format</c> is told, by its options and by the node's configuration.</summary>
public sealed record FormatOptions
{
    /// <summary><c>--cluster-id</c>.</summary>
    public required string ClusterId { get; init; }

    /// <summary><c>node.id</c>.</summary>
    public required BrokerId NodeId { get; init; }

    /// <summary><c>log.dirs</c>.</summary>
    public required IReadOnlyList<string> Directories { get; init; }

    /// <summary><c>metadata.log.dir</c>, else the first of <c>log.dirs</c>.</summary>
    public required string MetadataDirectory { get; init; }

    /// <summary>Whether <c>process.roles</c> has <c>controller</c>.</summary>
    public required bool IsController { get; init; }

    /// <summary>The first of <c>controller.listener.names</c>.</summary>
    public string ControllerListener { get; init; } = "CONTROLLER";

    /// <summary>Where that listener is advertised, for <see cref="InitialQuorum.Standalone"/>; an empty host means localhost.</summary>
    public (string Host, int Port) ControllerAddress { get; init; }

    /// <summary>Whether <c>controller.quorum.voters</c> is set.</summary>
    public bool HasConfiguredVoters { get; init; }

    /// <summary>Who votes in the new quorum.</summary>
    public InitialQuorum Quorum { get; init; }

    /// <summary>The voters of <see cref="InitialQuorum.InitialControllers"/>.</summary>
    public IReadOnlyList<InitialController> InitialControllers { get; init; } = [];

    /// <summary><c>--release-version</c>; null: the newest.</summary>
    public string? ReleaseVersion { get; init; }

    /// <summary><c>--feature</c>, each as <c>name=level</c>.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary><c>--add-scram</c>: not supported, refused when given.</summary>
    public IReadOnlyList<string> ScramCredentials { get; init; } = [];

    /// <summary><c>--ignore-formatted</c>: format what is not, leave the rest.</summary>
    public bool IgnoreFormatted { get; init; }

    /// <summary>Refuse an unformatted directory with anything in it; as the tool is told a directory on purpose, it refuses only what looks like logs.</summary>
    public bool RequireEmpty { get; init; }

    /// <summary>Leave out a data directory that cannot be written: a node starts without it.</summary>
    public bool SkipUnusable { get; init; }
}

/// <summary>What a directory was formatted as.</summary>
public enum FormattedKind
{
    /// <summary>Logs of partitions only.</summary>
    Data,

    /// <summary>The metadata log, with configured voters.</summary>
    Metadata,

    /// <summary>The metadata log of a node that is not among the initial voters.</summary>
    DynamicMetadata,

    /// <summary>The metadata log of an initial voter.</summary>
    DynamicMetadataVoter,
}

/// <summary>A directory that was formatted.</summary>
/// <param name="Directory">Its path.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Properties">Its <c>meta.properties</c>.</param>
public sealed record FormattedDirectory(string Directory, FormattedKind Kind, Moldau.Storage.MetaProperties Properties)
{
    /// <summary>Kafka's words for the kind.</summary>
    public string Description => Kind switch
    {
        FormattedKind.Data => "data directory",
        FormattedKind.Metadata => "metadata directory",
        FormattedKind.DynamicMetadata => "dynamic metadata directory",
        _ => "dynamic metadata voter directory",
    };
}

/// <summary>What formatting did.</summary>
/// <param name="Formatted">The directories that were formatted, the metadata directory first; empty: all were already.</param>
/// <param name="ReleaseVersion">The <c>metadata.version</c>, by name.</param>
public sealed record FormatResult(IReadOnlyList<FormattedDirectory> Formatted, string ReleaseVersion)
{
    /// <summary>What the tool prints.</summary>
    public IEnumerable<string> Lines => Formatted.Count == 0
        ? ["All of the log directories are already formatted."]
        : Formatted.Select(directory => $"Formatting {directory.Description} {directory.Directory} with metadata.version {ReleaseVersion}.");
}
