using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>
/// The controller: decides about the metadata log. Pure and single-threaded; its shell owns it, gives it time and appends what it decides.
/// </summary>
/// <remarks>
/// <para>Life of a write: a handler returns records and a response and changes nothing that is replicated; the shell appends the records and replays them here at
/// once, so that the next handler sees them; when they are committed it calls <see cref="Commit"/> and sends the response. When leadership is lost,
/// <see cref="Deactivate"/> goes back to what was committed, and records of the next leader are replayed the same way.</para>
/// <para>Handlers may be called only while active. Authorization and quotas are the shell's; refusals of whole requests come as their error code.</para>
/// </remarks>
public sealed class Controller
{
    private readonly ControllerState state = new();
    private readonly BrokerHeartbeats heartbeats;
    private readonly ConfigControl configs;
    private readonly AlterConfigsControl alterConfigs;
    private readonly FeatureControl features;
    private readonly ClusterControl cluster;
    private readonly HeartbeatControl heartbeatControl;
    private readonly TopicCreation topicCreation;
    private readonly TopicDeletion topicDeletion;
    private readonly PartitionCreation partitionCreation;
    private readonly AlterPartitionControl alterPartition;
    private readonly ElectionControl elections;
    private readonly ReassignmentControl reassignments;
    private readonly DirectoryControl directories;
    private readonly ProducerIdControl producerIds;
    private readonly PeriodicTasks tasks;
    private long nextOffset;

    /// <summary>A controller with an empty log, not active.</summary>
    public Controller(ControllerOptions options)
    {
        heartbeats = new BrokerHeartbeats(options.SessionTimeoutMs);
        configs = new ConfigControl(options, state);
        alterConfigs = new AlterConfigsControl(state, configs);
        features = new FeatureControl(options, state, configs);
        var partitions = new PartitionControl(state, configs);
        cluster = new ClusterControl(options, state, heartbeats, partitions);
        heartbeatControl = new HeartbeatControl(state, cluster, heartbeats, partitions);
        var assignment = new PartitionAssignment(state, partitions, new ReplicaPlacer(state, heartbeats, options.Random));
        topicCreation = new TopicCreation(options, state, configs, assignment);
        topicDeletion = new TopicDeletion(options, state);
        partitionCreation = new PartitionCreation(state, assignment);
        alterPartition = new AlterPartitionControl(state, cluster, partitions);
        elections = new ElectionControl(state, partitions);
        reassignments = new ReassignmentControl(state, configs, partitions, assignment);
        directories = new DirectoryControl(state, cluster, partitions);
        producerIds = new ProducerIdControl(state, cluster);
        tasks = new PeriodicTasks(options, state, heartbeats, partitions, elections);
    }

    /// <summary>Whether this controller leads the quorum.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The state at the end of the log, uncommitted records included. For what brokers may see, take a <see cref="MetadataDelta"/> of committed records.</summary>
    public MetadataImage Image => state.Image;

    /// <summary>Offset of the last record that was replayed; -1 before the first.</summary>
    public long LastOffset => state.LastOffset;

    /// <summary>Offset of the last record whose batch is committed; -1 before the first.</summary>
    public long CommittedOffset => state.CommittedOffset;

    /// <summary>Whether a metadata transaction is open.</summary>
    public bool InTransaction => state.TransactionStart >= 0;

    /// <summary>kraft.version, which raft knows from its control records; kept up by the shell.</summary>
    public short KRaftVersion
    {
        get => features.KRaftVersion;
        set => features.KRaftVersion = value;
    }

    /// <summary>When <see cref="Tick"/> has something to do, in milliseconds of the context's clock; the largest number while not active.</summary>
    public long NextDeadlineMs => IsActive ? tasks.NextDeadlineMs : long.MaxValue;

    internal ControllerState State => state;

    /// <summary>
    /// Leadership was won and every record of the log replayed. Returns the records to write first: bootstrap records for an empty log, the abort of a
    /// transaction that was left open, or none.
    /// </summary>
    /// <param name="nowMs">The clock.</param>
    /// <param name="nextOffset">Offset that the next appended record will get, which is past raft's own records of the new term.</param>
    /// <param name="bootstrap">The first checkpoint's records (<see cref="BootstrapMetadata"/>); not looked at when the log has content.</param>
    /// <exception cref="MetadataReplayException">The log cannot be continued.</exception>
    public ControllerResult<string> Activate(long nowMs, long nextOffset, IReadOnlyList<MetadataRecord> bootstrap)
    {
        Invariant.That(!IsActive);
        Invariant.That(nextOffset > state.LastOffset);
        ControllerResult<string> result = Activation.Records(state, configs, bootstrap);
        this.nextOffset = nextOffset;
        IsActive = true;
        heartbeats.Activate(state.Cluster, nowMs);
        tasks.Start(nowMs);
        return result;
    }

    /// <summary>Leadership was lost: forgets what is not committed.</summary>
    public void Deactivate()
    {
        IsActive = false;
        heartbeats.Clear();
        state.Revert();
    }

    /// <summary>Takes in a record that was appended, or read from the log: the only way that replicated state changes.</summary>
    /// <exception cref="MetadataReplayException">The record is unknown or does not fit.</exception>
    public void Replay(MetadataRecord record, long offset) => ReplayBatch([record], offset);

    /// <summary>Takes in a batch, whose records have consecutive offsets.</summary>
    /// <exception cref="MetadataReplayException">A record is unknown or does not fit.</exception>
    public void ReplayBatch(IReadOnlyList<MetadataRecord> records, long baseOffset)
    {
        if (records.Count == 0) return;
        for (int i = 0; i < records.Count; i++)
        {
            state.Replay(records[i], baseOffset + i);
            if (records[i].Message is UnregisterBrokerRecord gone) heartbeats.Remove(gone.BrokerId);
        }

        nextOffset = state.LastOffset + 1;
        state.EndBatch();
    }

    /// <summary>Everything up to and including <paramref name="offset"/> is committed.</summary>
    public void Commit(long offset) => state.Commit(offset);

    /// <summary>Replaces everything by a snapshot; while not active only.</summary>
    /// <param name="records">The snapshot's records without raft's control records.</param>
    /// <param name="lastContainedOffset">Offset of the last record in it.</param>
    /// <exception cref="MetadataReplayException">A record is unknown or does not fit.</exception>
    public void LoadSnapshot(IEnumerable<MetadataRecord> records, long lastContainedOffset)
    {
        Invariant.That(!IsActive);
        state.LoadSnapshot(records, lastContainedOffset);
    }

    /// <summary>Does the first thing that is due by the clock. Call again after replaying its records while <see cref="NextDeadlineMs"/> is past.</summary>
    public ControllerResult<PeriodicTask> Tick(long nowMs)
    {
        Invariant.That(IsActive);
        return tasks.Tick(nowMs);
    }

    /// <inheritdoc cref="ClusterControl.Register"/>
    public ControllerResult<BrokerRegistrationResponse> RegisterBroker(ControllerContext context, BrokerRegistrationRequest request) =>
        Handle(() => cluster.Register(context, request, nextOffset));

    /// <inheritdoc cref="HeartbeatControl.Heartbeat"/>
    public ControllerResult<BrokerHeartbeatResponse> BrokerHeartbeat(ControllerContext context, BrokerHeartbeatRequest request) =>
        Handle(() => heartbeatControl.Heartbeat(context, request, nextOffset));

    /// <inheritdoc cref="ClusterControl.Unregister"/>
    public ControllerResult<UnregisterBrokerResponse> UnregisterBroker(UnregisterBrokerRequest request) => Handle(() => cluster.Unregister(request));

    /// <inheritdoc cref="ClusterControl.RegisterController"/>
    public ControllerResult<ControllerRegistrationResponse> RegisterController(ControllerRegistrationRequest request) => Handle(() => cluster.RegisterController(request));

    /// <inheritdoc cref="ClusterControl.UnregisterController"/>
    public ControllerResult<UnregisterControllerResponse> UnregisterController(UnregisterControllerRequest request) => Handle(() => cluster.UnregisterController(request));

    /// <inheritdoc cref="TopicCreation.Create(CreateTopicsRequest, Func{string, bool})"/>
    public ControllerResult<CreateTopicsResponse> CreateTopics(CreateTopicsRequest request, Func<string, bool> mayDescribe) => Handle(() => topicCreation.Create(request, mayDescribe));

    /// <inheritdoc cref="TopicDeletion.Delete"/>
    public ControllerResult<DeleteTopicsResponse> DeleteTopics(ControllerContext context, DeleteTopicsRequest request, Func<string, bool> mayDescribe, Func<string, bool> mayDelete) =>
        Handle(() => topicDeletion.Delete(context, request, mayDescribe, mayDelete));

    /// <inheritdoc cref="PartitionCreation.Create(CreatePartitionsRequest)"/>
    public ControllerResult<CreatePartitionsResponse> CreatePartitions(CreatePartitionsRequest request) => Handle(() => partitionCreation.Create(request));

    /// <inheritdoc cref="AlterPartitionControl.Alter(ControllerContext, AlterPartitionRequest)"/>
    public ControllerResult<AlterPartitionResponse> AlterPartition(ControllerContext context, AlterPartitionRequest request) => Handle(() => alterPartition.Alter(context, request));

    /// <inheritdoc cref="ElectionControl.Elect(ElectLeadersRequest)"/>
    public ControllerResult<ElectLeadersResponse> ElectLeaders(ElectLeadersRequest request) => Handle(() => elections.Elect(request));

    /// <inheritdoc cref="ReassignmentControl.Alter(AlterPartitionReassignmentsRequest)"/>
    public ControllerResult<AlterPartitionReassignmentsResponse> AlterPartitionReassignments(AlterPartitionReassignmentsRequest request) => Handle(() => reassignments.Alter(request));

    /// <inheritdoc cref="ReassignmentControl.List"/>
    public ListPartitionReassignmentsResponse ListPartitionReassignments(ListPartitionReassignmentsRequest request) => reassignments.List(request);

    /// <inheritdoc cref="DirectoryControl.Assign(AssignReplicasToDirsRequest)"/>
    public ControllerResult<AssignReplicasToDirsResponse> AssignReplicasToDirs(AssignReplicasToDirsRequest request) => Handle(() => directories.Assign(request));

    /// <inheritdoc cref="AlterConfigsControl.Alter"/>
    public ControllerResult<IReadOnlyList<ApiError>> AlterConfigs(IReadOnlyList<ResourceChanges> asked, bool validateOnly) => Handle(() => alterConfigs.Alter(asked, validateOnly));

    /// <inheritdoc cref="AlterConfigsControl.Replace"/>
    public ControllerResult<IReadOnlyList<ApiError>> ReplaceConfigs(IReadOnlyList<ResourceChanges> asked, bool validateOnly) => Handle(() => alterConfigs.Replace(asked, validateOnly));

    /// <inheritdoc cref="FeatureControl.Update(ControllerContext, UpdateFeaturesRequest)"/>
    public ControllerResult<UpdateFeaturesResponse> UpdateFeatures(ControllerContext context, UpdateFeaturesRequest request) => Handle(() => features.Update(context, request));

    /// <inheritdoc cref="ProducerIdControl.Allocate"/>
    public ControllerResult<AllocateProducerIdsResponse> AllocateProducerIds(AllocateProducerIdsRequest request) => Handle(() => producerIds.Allocate(request));

    private ControllerResult<T> Handle<T>(Func<ControllerResult<T>> handler)
    {
        Invariant.That(IsActive);
        return handler();
    }
}
