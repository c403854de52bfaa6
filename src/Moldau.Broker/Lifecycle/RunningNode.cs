using Moldau.Broker.Configuration;
using Moldau.Broker.Controllers;
using Moldau.Broker.Fetching;
using Moldau.Broker.Groups;
using Moldau.Broker.Handlers;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Publishing;
using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata.Configuration;
using Moldau.Metadata.Configuration.Rules;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Broker.Lifecycle;

/// <summary>
/// The parts of a node and the order in which they start and stop. Start: directories, listeners bound, logs, quorum, controller, publisher, registration, and only then the
/// accept loops. Stop: the reverse. Each part is null until it has been started.
/// </summary>
internal sealed class RunningNode(
    NodeOptions options, ITransport transport, IFileSystem files, IScheduler scheduler, NodeLogger logger, Action<Exception> fatal)
{
    private readonly BufferPool buffers = new();
    private readonly PartitionTable partitions = new();
    private readonly MetadataCache metadata = new();
    private readonly Purgatory purgatory = new(scheduler.Time);
    private readonly DynamicConfig dynamicConfig = new(options, logger);
    private NodeIdentity? identity;
    private LogStore? store;
    private RaftNode? raft;
    private ControllerLoop? controller;
    private BrokerLifecycle? lifecycle;
    private NetworkServer? network;
    private GroupCoordinator? groups;
    private DirectoryAssignments? assignments;
    private ReplicaMover? mover;
    private readonly Uuid incarnationId = RandomIds.Next(scheduler);

    public string ClusterId => identity!.ClusterId;

    public NodeServices Services { get; private set; } = null!;

    public IReadOnlyList<ListenerOptions> Listeners { get; private set; } = [];

    public async Task StartAsync(CancellationToken cancellation, IProgress<RecoveryProgress>? progress)
    {
        identity = await NodeIdentity.OpenAsync(options, files, scheduler);
        store = await OpenLogsAsync(progress);
        raft = NewRaft(identity);
        var events = new LogEvents(partitions, RaftNode.Partition, raft.LogFlushed, () => lifecycle?.DirectoriesChanged(), fatal, logger) { Store = store };
        store.Listener = events;
        await raft.StartAsync(store, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _ = scheduler.Start("quorum watch", WatchQuorumAsync);
        StartController();
        var channel = new LocalControllerChannel(controller!, metadata);
        groups = new GroupCoordinator(GroupCoordinatorOptions.From(options.Values) with { LosesLastRecord = options.Planted.LosesLastGroupRecord }, scheduler, purgatory, logger);
        lifecycle = new BrokerLifecycle(channel, metadata, () => store.Directories, purgatory, scheduler, options, logger, fatal);
        assignments = new DirectoryAssignments(channel, options.NodeId, () => lifecycle.BrokerEpoch, scheduler, logger);
        mover = new ReplicaMover(store, assignments, () => ReplicaMover.ThrottleOf(metadata.Image, options.NodeId), scheduler, logger);
        Cordon(options);
        Services = NewServices(channel);
        List<ListenerEndpoint> endpoints = BindListeners(HandlerSet.Create(Services));
        StartPublisher();
        var registrations = new OwnRegistrations(options, Listeners, ClusterId, incarnationId);
        Task asController = RegisterControllerAsync(channel, registrations.AsController(), cancellation);
        await lifecycle.StartAsync(registrations.AsBroker(store), cancellation);
        await asController;
        network!.Start(endpoints);
        logger.Serving(options.NodeId, string.Join(", ", Listeners.Select(listener => $"{listener.Name}://{listener.Host}:{listener.Port}")));
    }

    /// <summary>Stops what has been started. Not clean: as fast as possible, without the mark that lets the next start trust the logs.</summary>
    public async Task StopAsync(bool clean)
    {
        if (clean && lifecycle is not null) await lifecycle.ShutDownAsync();
        // Members that wait for others to join would hold up the end of their connections.
        if (groups is not null) await groups.StopAsync();
        if (network is not null && clean) await network.StopAsync();
        else network?.Abort();
        lifecycle?.End();
        if (mover is not null) await mover.StopAsync();
        if (assignments is not null) await assignments.StopAsync();
        if (controller is not null) await controller.StopAsync();
        if (lifecycle is not null) await lifecycle.EndedAsync();
        if (raft is not null) await StopRaftAsync();
        if (store is not null) await store.CloseAsync(clean, lifecycle?.BrokerEpoch ?? -1);
        purgatory.Dispose();
    }

    private async Task<LogStore> OpenLogsAsync(IProgress<RecoveryProgress>? progress)
    {
        try
        {
            return await LogStore.OpenAsync(options.Store, files, scheduler, logger, progress);
        }
        catch (DuplicateLogException twice)
        {
            throw new NodeStartException(twice.Message, twice);
        }
    }

    private void Cordon(NodeOptions next)
    {
        foreach (LogDirectory directory in store!.Directories) directory.IsCordoned = next.IsCordoned(directory.Path);
        lifecycle!.DirectoriesChanged();
    }

    private RaftNode NewRaft(NodeIdentity node) => new(
        new RaftNodeOptions
        {
            CommitsBeforeSync = options.Planted.CommitsMetadataBeforeSync,
            NodeId = new BrokerId(options.NodeId),
            MetadataDirectory = options.MetadataLogDir,
            DirectoryId = node.MetadataDirectoryId,
            Endpoints = NodeIdentity.ControllerEndpoints(options),
            ElectionTimeoutMs = options.Values.Get(QuorumKeys.ControllerQuorumElectionTimeoutMs),
            FetchTimeoutMs = options.Values.Get(QuorumKeys.ControllerQuorumFetchTimeoutMs),
            ElectionBackoffMaxMs = options.Values.Get(QuorumKeys.ControllerQuorumElectionBackoffMaxMs),
            RequestTimeoutMs = options.Values.Get(QuorumKeys.ControllerQuorumRequestTimeoutMs),
            RetryBackoffMs = options.Values.Get(QuorumKeys.ControllerQuorumRetryBackoffMs),
            SegmentBytes = options.Values.Get(QuorumKeys.InternalMetadataLogSegmentBytes) ?? options.Values.Get(QuorumKeys.MetadataLogSegmentBytes),
            SegmentMs = options.Values.Get(QuorumKeys.MetadataLogSegmentMs),
            Retention = new MetadataRetention(options.Values.Get(QuorumKeys.MetadataMaxRetentionBytes), options.Values.Get(QuorumKeys.MetadataMaxRetentionMs)),
        },
        files,
        scheduler,
        logger);

    private void StartController()
    {
        var feed = new ControllerFeed(raft!);
        var core = new Controller(new ControllerOptions
        {
            ClusterId = ClusterId,
            NodeId = options.NodeId,
            QuorumNodeIds = [options.NodeId],
            ConfigRules = new CatalogConfigRules(options.FileValues()),
            Random = new ControllerRandom(scheduler),
            HasLocalBroker = true,
            DefaultPartitions = options.NumPartitions,
            DefaultReplicationFactor = (short)options.DefaultReplicationFactor,
            DeleteTopicEnable = options.DeleteTopicEnable,
            SessionTimeoutMs = options.BrokerSessionTimeoutMs,
            MaxIdleIntervalMs = options.MetadataMaxIdleIntervalMs,
            AutoLeaderRebalance = options.Values.Get(TopicDefaultKeys.AutoLeaderRebalanceEnable),
            LeaderImbalanceCheckIntervalMs = options.Values.Get(TopicDefaultKeys.LeaderImbalanceCheckIntervalSeconds) * 1000,
            UncleanLeaderElectionIntervalMs = options.Values.Get(TopicDefaultKeys.UncleanLeaderElectionIntervalMs),
        });
        controller = new ControllerLoop(core, feed, options.NodeId, raft!.Bootstrap, scheduler, purgatory, logger);
        feed.Loop = controller;
        controller.Start();
        raft.Register(feed);
    }

    private NodeServices NewServices(IControllerChannel channel) => new()
    {
        Options = options,
        DynamicConfig = dynamicConfig,
        Logger = logger,
        ClusterId = ClusterId,
        Scheduler = scheduler,
        Purgatory = purgatory,
        Metadata = metadata,
        Store = store!,
        Mover = mover!,
        Partitions = partitions,
        Raft = raft!,
        Controller = controller!,
        ProducerIds = new ProducerIds(channel, options.NodeId, () => lifecycle!.BrokerEpoch),
        AutoCreation = new TopicAutoCreation(channel, options, logger),
        FetchSessions = new FetchSessionCache(scheduler, options.FetchSessionCacheSlots),
        Groups = groups!,
    };

    private void StartPublisher()
    {
        dynamicConfig.WhenChanged(next => network!.Apply(next.Network));
        dynamicConfig.WhenChanged(next => store!.ProducerExpirationMs = next.Store.ProducerExpirationMs);
        dynamicConfig.WhenChanged(next => store!.Cleaner = next.Store.Cleaner);
        dynamicConfig.WhenChanged(Cordon);
        var policy = new SnapshotPolicy(
            options.Values.Get(QuorumKeys.MetadataLogMaxRecordBytesBetweenSnapshots), options.Values.Get(QuorumKeys.MetadataLogMaxSnapshotIntervalMs));
        var leadership = new GroupLeadership(groups!, partitions, purgatory, options.NodeId);
        var changes = new PartitionChanges(store!, partitions, assignments!, mover!, new TopicSettings(dynamicConfig), options, incarnationId, logger);
        raft!.Register(new MetadataPublisher(raft, metadata, changes, new SnapshotTaker(raft, policy, scheduler, logger, options.Planted), [dynamicConfig, leadership], scheduler));
    }

    private List<ListenerEndpoint> BindListeners(HandlerTable handlers)
    {
        network = new NetworkServer(new ServerParts(options.Network, handlers, scheduler, buffers, new ResponseWriters(), logger, fatal), transport);
        List<ListenerEndpoint> endpoints = [];
        List<ListenerOptions> bound = [];
        foreach (ListenerOptions listener in options.Listeners)
        {
            Handlers.Listeners kind = (listener.ServesBroker ? Handlers.Listeners.Broker : 0) | (listener.ServesController ? Handlers.Listeners.Controller : 0);
            ListenerEndpoint endpoint = network.Bind(new ListenerEndpoint(listener.Name, listener.SecurityProtocol, listener.Host, listener.Port, kind));
            endpoints.Add(endpoint);
            bound.Add(listener with { Port = endpoint.Port, AdvertisedPort = listener.AdvertisedPort == 0 ? endpoint.Port : listener.AdvertisedPort });
        }

        Listeners = bound;
        return endpoints;
    }

    // So that clients of the controllers' listener find the controllers. A cluster at an old metadata.version has no place for it, and goes without.
    private async Task RegisterControllerAsync(IControllerChannel channel, ControllerRegistrationRequest registration, CancellationToken cancellation)
    {
        while (await channel.RegisterControllerAsync(registration) is null) await scheduler.Delay(Limits.RegistrationRetry, cancellation);
    }

    private async Task WatchQuorumAsync()
    {
        try
        {
            await raft!.Completion;
        }
        catch (MetadataLogFailedException e)
        {
            fatal(e);
        }
    }

    // The quorum's failure is known by then: it is why the node stops.
    private async Task StopRaftAsync()
    {
        try
        {
            await raft!.StopAsync();
        }
        catch (MetadataLogFailedException)
        {
        }
    }
}
