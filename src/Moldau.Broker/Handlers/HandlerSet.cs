using Moldau.Broker.Admin;
using Moldau.Broker.Fetching;
using Moldau.Broker.Groups;
using Moldau.Broker.Lifecycle;
using Moldau.Broker.Partitions;
using Moldau.Broker.Quorum;

namespace Moldau.Broker.Handlers;

/// <summary>Every API a node serves. A new API is added here; dispatch and ApiVersions follow from it.</summary>
internal static class HandlerSet
{
    public static HandlerTable Create(NodeServices node)
    {
        HandlerTable? table = null;
        table = new HandlerTable([.. Cluster(node, () => table!), .. Data(node), .. Admin(node), .. Controllers(node), .. Groups(node)]);
        return table;
    }

    private static IEnumerable<ApiHandler> Cluster(NodeServices node, Func<HandlerTable> table) =>
    [
        new ApiVersionsHandler(table, node.Metadata, node.ClusterId, node.Options.NodeId, () => node.Raft.Status.KRaftVersion),
        new SaslHandshakeHandler(),
        new MetadataHandler(node.Metadata, node.AutoCreation, node.ClusterId),
        new DescribeClusterHandler(node.Metadata, node.ClusterId),
        new DescribeTopicPartitionsHandler(node.Metadata, () => node.Options.MaxRequestPartitionSizeLimit),
    ];

    private static IEnumerable<ApiHandler> Data(NodeServices node)
    {
        var finder = new PartitionFinder(node.Partitions, node.Metadata, node.Options.NodeId);
        return
        [
            new ProduceHandler(finder, node.Metadata, node.Purgatory, node.Scheduler),
            new FetchHandler(
                new FetchSessions(node.FetchSessions), new FetchReader(finder), new FetchResponseWriter(node.Metadata), new FetchWait(node.Purgatory), () => node.Options.FetchMaxBytes),
            new ListOffsetsHandler(finder),
            new DeleteRecordsHandler(finder, node.Scheduler),
            new OffsetForLeaderEpochHandler(finder),
            new InitProducerIdHandler(node.ProducerIds),
            new DescribeProducersHandler(finder),
        ];
    }

    private static IEnumerable<ApiHandler> Admin(NodeServices node)
    {
        ControllerWrites writes = Writes(node);
        var alterations = new ConfigAlterations(writes, node.Options.NodeId, node.Logger);
        return
        [
            new CreateTopicsHandler(writes),
            new DeleteTopicsHandler(writes),
            new CreatePartitionsHandler(writes),
            new DescribeConfigsHandler(node.Metadata, node.DynamicConfig, node.Logger, node.Options.NodeId),
            new IncrementalAlterConfigsHandler(alterations),
            new AlterConfigsHandler(alterations),
            new ListConfigResourcesHandler(node.Metadata),
            new ElectLeadersHandler(writes),
            new AlterPartitionReassignmentsHandler(writes),
            new ListPartitionReassignmentsHandler(writes),
            new UpdateFeaturesHandler(writes),
            new UnregisterBrokerHandler(writes),
            new UnregisterControllerHandler(writes),
            new AlterReplicaLogDirsHandler(node.Store, new PartitionFinder(node.Partitions, node.Metadata, node.Options.NodeId), node.Mover, node.Scheduler),
            new DescribeLogDirsHandler(node.Store, node.Partitions, node.Scheduler),
        ];
    }

    // What nodes ask each other, and what is asked about the quorum.
    private static IEnumerable<ApiHandler> Controllers(NodeServices node)
    {
        ControllerWrites writes = Writes(node);
        var voters = new VoterChanges(node.Raft, node.ClusterId, node.Options.Listeners.First(listener => listener.ServesController).Name);
        return
        [
            new DescribeQuorumHandler(node.Raft),
            new AddRaftVoterHandler(voters),
            new RemoveRaftVoterHandler(voters),
            new UpdateRaftVoterHandler(voters, node.Raft),
            new BrokerRegistrationHandler(writes),
            new BrokerHeartbeatHandler(writes),
            new AllocateProducerIdsHandler(writes),
            new AlterPartitionHandler(writes),
            new AssignReplicasToDirsHandler(writes),
            new ControllerRegistrationHandler(writes),
        ];
    }

    private static ControllerWrites Writes(NodeServices node) => new(node.Controller, node.Metadata, node.Scheduler, () => node.Options.RequestTimeoutMs);

    private static IEnumerable<ApiHandler> Groups(NodeServices node)
    {
        var topics = new GroupTopics(node.Metadata);
        return
        [
            new FindCoordinatorHandler(node.Groups, node.Metadata, node.AutoCreation, node.Purgatory),
            new JoinGroupHandler(node.Groups),
            new SyncGroupHandler(node.Groups),
            new HeartbeatHandler(node.Groups),
            new LeaveGroupHandler(node.Groups),
            new OffsetCommitHandler(node.Groups, topics),
            new OffsetFetchHandler(node.Groups, topics),
            new OffsetDeleteHandler(node.Groups, topics),
            new DescribeGroupsHandler(node.Groups),
            new ListGroupsHandler(node.Groups),
            new DeleteGroupsHandler(node.Groups),
        ];
    }
}
