using Moldau.Broker.Quorum.Formatting;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Raft;
using Moldau.Storage.Files;

namespace Moldau.Broker.Lifecycle;

/// <summary>Who a node is, as its log directories say: the cluster's id, and the id of the directory that holds the metadata log.</summary>
internal sealed record NodeIdentity(string ClusterId, Uuid MetadataDirectoryId)
{
    /// <summary>Reads the directories' <c>meta.properties</c>; formats new directories first where the options allow it.</summary>
    /// <exception cref="LogDirectoryException">A directory is not formatted, or belongs to another cluster or node.</exception>
    /// <exception cref="NodeStartException">The configuration names no directory, or roles that this version does not have.</exception>
    public static async Task<NodeIdentity> OpenAsync(NodeOptions options, IFileSystem files, IScheduler scheduler)
    {
        Check(options);
        LogDirectorySet directories = LogDirectorySet.Load(files, options.LogDirs.Append(options.MetadataLogDir).Distinct());
        if (directories.Unusable.TryGetValue(options.MetadataLogDir, out IOException? broken)) throw new UnusableDirectoryException(options.MetadataLogDir, broken);
        // As Kafka does, a data directory that is new beside formatted ones is taken in: a disk that was replaced, or added.
        if (options.FormatsOnStart || directories.Formatted.ContainsKey(options.MetadataLogDir))
            directories = await new StorageFormatter(files, scheduler).EnsureFormattedAsync(FormatOptionsOf(options));
        directories.Verify((BrokerId)options.NodeId);
        if (directories.Unformatted.Contains(options.MetadataLogDir)) throw new NotFormattedException(options.MetadataLogDir);
        Uuid? id = directories.Formatted[options.MetadataLogDir].DirectoryId;
        return new NodeIdentity(directories.ClusterId!, id ?? Uuid.Zero);
    }

    /// <summary>Where the quorum's other members would reach this node: its first listener that serves a controller.</summary>
    public static IReadOnlyList<VoterEndpoint> ControllerEndpoints(NodeOptions options) =>
        options.Listeners.FirstOrDefault(listener => listener.ServesController) is { } controller
            ? [new VoterEndpoint(controller.Name, controller.AdvertisedHost, controller.AdvertisedPort)]
            : [];

    private static void Check(NodeOptions options)
    {
        if (options.LogDirs.Count == 0) throw new NodeStartException("log.dirs names no directory");
        if (options.Roles.Count > 0 && !(options.Roles.Contains("broker") && options.Roles.Contains("controller")))
        {
            throw new NodeStartException($"process.roles={string.Join(',', options.Roles)}: this version runs as broker and controller in one process, process.roles=broker,controller");
        }

        if (!options.Listeners.Any(listener => listener.ServesBroker)) throw new NodeStartException("listeners names no listener for clients");
    }

    private static FormatOptions FormatOptionsOf(NodeOptions options)
    {
        ListenerOptions controller = options.Listeners.First(listener => listener.ServesController);
        return new FormatOptions
        {
            // A new one is drawn where no directory has one.
            ClusterId = "",
            NodeId = (BrokerId)options.NodeId,
            Directories = options.LogDirs,
            MetadataDirectory = options.MetadataLogDir,
            IsController = true,
            ControllerListener = controller.Name,
            ControllerAddress = (controller.AdvertisedHost, controller.AdvertisedPort),
            Quorum = InitialQuorum.Standalone,
        };
    }
}
