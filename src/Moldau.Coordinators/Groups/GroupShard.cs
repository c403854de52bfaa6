using Moldau.Coordinators.Groups.Classic;
using Moldau.Coordinators.Groups.Offsets;
using Moldau.Coordinators.Groups.Others;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>
/// The group coordinator of one partition of <c>__consumer_offsets</c>: the classic group protocol, and the offsets of all groups.
/// Pure: requests, time and randomness go in, a <see cref="CoordinatorResult"/> comes out. Not thread safe; one loop owns it.
/// </summary>
/// <remarks>
/// <para>Durable state is what the records add up to, and <see cref="Replay"/> alone changes it. Soft state (members that are joining,
/// parked requests, session timers) is changed by the operations at once, never by a record. After a reload the members that the records
/// name are there, each with a fresh session, and clients repeat what was parked.</para>
/// <para>The shell appends a result's records, replays them, and only then takes the next step: a step that has not been appended is
/// never seen by another one. <see cref="Committed"/> or <see cref="Failed"/> follows when the outcome is known.</para>
/// </remarks>
public sealed class GroupShard
{
    private readonly GroupConfig config;
    private readonly ReplayedState state = new();
    private readonly LiveGroups live;
    private readonly Rebalance rebalance;
    private readonly StaticMembership staticMembership;
    private readonly JoinGroupOperation join;
    private readonly SyncGroupOperation sync;
    private readonly HeartbeatOperation heartbeat;
    private readonly LeaveGroupOperation leave;
    private readonly OffsetCommitOperation offsetCommit;
    private readonly OffsetFetchOperation offsetFetch;
    private readonly OffsetDeleteOperation offsetDelete;
    private readonly OffsetExpiry expiry;
    private readonly OffsetAccess access;
    private readonly ListGroupsOperation list;
    private readonly DescribeGroupsOperation describe;
    private readonly DeleteGroupsOperation delete;

    /// <summary>Makes the core of a partition whose records have yet to be replayed.</summary>
    public GroupShard(GroupConfig config)
    {
        this.config = config;
        live = new LiveGroups(state);
        rebalance = new Rebalance(config);
        staticMembership = new StaticMembership(rebalance);
        join = new JoinGroupOperation(config, rebalance, staticMembership);
        sync = new SyncGroupOperation(rebalance);
        heartbeat = new HeartbeatOperation(rebalance);
        leave = new LeaveGroupOperation(rebalance);
        offsetCommit = new OffsetCommitOperation(config);
        offsetFetch = new OffsetFetchOperation(state.Offsets);
        offsetDelete = new OffsetDeleteOperation(state.Offsets);
        expiry = new OffsetExpiry(config, state.Offsets);
        access = new OffsetAccess(state, live);
        list = new ListGroupsOperation(state, live);
        describe = new DescribeGroupsOperation(state, live);
        delete = new DeleteGroupsOperation(state, live);
    }

    internal ReplayedState State => state;

    internal LiveGroups Live => live;

    /// <summary>Takes over one record of the partition, written just now or read on load.</summary>
    /// <param name="offset">The record's offset.</param>
    /// <param name="producer">The producer of the transaction that the record is part of, or <see cref="ProducerId.None"/>.</param>
    /// <param name="record">The record.</param>
    public void Replay(long offset, ProducerId producer, CoordinatorRecord record)
    {
        if (state.Replay(offset, producer, record) is { } deleted) live.Forget(deleted);
    }

    /// <summary>Takes over a transaction marker.</summary>
    public void ReplayEndTransaction(ProducerId producer, bool committed) => state.Offsets.EndTransaction(producer, committed);

    /// <summary>Begins to serve, after the last record was replayed: every member gets a fresh session to be heard of in.</summary>
    public CoordinatorResult Activate(long nowMs)
    {
        var result = new CoordinatorResult(nowMs);
        foreach (string groupId in state.Classic.Where(pair => pair.Value.HasMembers).Select(pair => pair.Key).Order(StringComparer.Ordinal))
        {
            ClassicGroup group = live.Find(groupId)!;
            foreach (ClassicMember member in group.Members) rebalance.KeepSession(group, member, result);

            // The maximum was lowered: a rebalance lets members commit before the last to join are turned away.
            if (group.Members.Count > config.MaxSize) rebalance.Prepare(group, result);
        }

        result.SetTimer(GroupTimers.Expiration, config.OffsetsRetentionCheckIntervalMs);
        return result;
    }

    /// <summary>Ends to serve: what is parked is refused. The shard is of no use afterwards.</summary>
    public CoordinatorResult Deactivate(long nowMs, ErrorCode error)
    {
        var result = new CoordinatorResult(nowMs);
        foreach (string groupId in live.Ids.Order(StringComparer.Ordinal))
        {
            ClassicGroup group = live.Find(groupId)!;
            foreach (ClassicMember member in group.Members) ParkedRequests.Refuse(group, member, member.MemberId, error, result);
        }

        return result;
    }

    /// <summary>JoinGroup, v0-9. Answered with a <see cref="JoinGroupResponse"/>, possibly much later.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="request">The request, already past <see cref="RequestChecks.JoinGroup"/>.</param>
    /// <param name="origin">Its sender.</param>
    /// <param name="memberIdSuffix">Random text, unique among all members that ever were.</param>
    /// <param name="token">What to answer to.</param>
    public CoordinatorResult JoinGroup(long nowMs, JoinGroupRequest request, RequestOrigin origin, string memberIdSuffix, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        var call = new JoinCall(request, origin, memberIdSuffix, token);
        ClassicGroup? group = live.Find(call.GroupId);
        if (group is not null)
        {
            join.Join(group, call, result);
            return result;
        }

        OtherGroup? other = state.Others.Find(call.GroupId);
        if (other is not null && (other.Type != GroupType.Consumer || !other.IsEmpty))
        {
            result.Answer(token, JoinGroupReplies.Refused(JoinGroupReplies.UnknownMemberId, ErrorCode.InconsistentGroupProtocol));
        }
        else if (!call.IsUnknownMember)
        {
            result.Answer(token, JoinGroupReplies.Refused(call.MemberId, ErrorCode.UnknownMemberId));
        }
        else
        {
            // An empty consumer group gives way to a classic one of the same name; its offsets stay.
            if (other is not null) DeleteGroupsOperation.AppendTombstones(other, result);
            group = live.Create(call.GroupId, nowMs);
            CoordinatorRecord created = GroupRecords.NewGroup(group);
            join.Join(group, call, result);
            result.Append(created);
            result.Write = new GroupCreated(group);
        }

        return result;
    }

    /// <summary>SyncGroup, v0-5. Answered with a <see cref="SyncGroupResponse"/> when the assignment is there.</summary>
    public CoordinatorResult SyncGroup(long nowMs, SyncGroupRequest request, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        if (live.Find(request.GroupId) is { } group) sync.Sync(group, request, token, result);
        else result.Answer(token, SyncGroupReplies.Refused(ErrorCode.UnknownMemberId));
        return result;
    }

    /// <summary>Heartbeat, v0-4. Answered with a <see cref="HeartbeatResponse"/>.</summary>
    public CoordinatorResult Heartbeat(long nowMs, HeartbeatRequest request, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        ErrorCode error = live.Find(request.GroupId) is { } group ? heartbeat.Heartbeat(group, request, result) : ErrorCode.UnknownMemberId;
        result.Answer(token, new HeartbeatResponse { ErrorCode = (short)error });
        return result;
    }

    /// <summary>LeaveGroup, its members in the form of v3+. Answered with a <see cref="LeaveGroupResponse"/>.</summary>
    public CoordinatorResult LeaveGroup(long nowMs, LeaveGroupRequest request, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        LeaveGroupResponse response =
            live.Find(request.GroupId) is { } group ? leave.Leave(group, request, result) : LeaveGroupOperation.UnknownGroup(request);
        result.AnswerWhenCommitted(token, response, error => new LeaveGroupResponse { ErrorCode = (short)error });
        return result;
    }

    /// <summary>
    /// OffsetCommit, v2-10, for topics that exist: names and ids both set. Answered with an <see cref="OffsetCommitResponse"/>.
    /// </summary>
    public CoordinatorResult OffsetCommit(long nowMs, OffsetCommitRequest request, RequestOrigin origin, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        ErrorCode refusal = access.CheckCommit(request, origin.ApiVersion);
        if (refusal != ErrorCode.None)
        {
            result.Answer(token, OffsetCommitOperation.Refused(request, refusal));
            return result;
        }

        // A commit shows that the member lives, as a heartbeat does.
        if (live.Find(request.GroupId) is { } group && group.Find(request.MemberId) is { } member) rebalance.KeepSession(group, member, result);
        OffsetCommitResponse refused = OffsetCommitOperation.Refused(request, ErrorCode.None);
        result.AnswerWhenCommitted(token, offsetCommit.Commit(request, result), error => WithError(refused, error));
        return result;
    }

    /// <summary>
    /// OffsetFetch for one group, in the form of v8+, names set. Answered with an
    /// <see cref="OffsetFetchResponse.OffsetFetchResponseGroup"/>.
    /// </summary>
    public CoordinatorResult OffsetFetch(
        long nowMs, OffsetFetchRequest.OffsetFetchRequestGroup request, bool requireStable, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        string groupId = request.GroupId;
        ErrorCode refusal = access.CheckFetch(request);
        if (refusal != ErrorCode.None) result.Answer(token, OffsetFetchOperation.Refused(groupId, refusal));
        else
        {
            result.AnswerWhenCommitted(
                token,
                offsetFetch.Fetch(request, requireStable),
                error => OffsetFetchOperation.Refused(groupId, AppendErrors.ForOffsetFetch(error)));
        }

        return result;
    }

    /// <summary>OffsetDelete, v0. Answered with an <see cref="OffsetDeleteResponse"/>.</summary>
    public CoordinatorResult OffsetDelete(long nowMs, OffsetDeleteRequest request, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        ErrorCode refusal = access.CheckDelete(request.GroupId);
        if (refusal != ErrorCode.None)
        {
            result.Answer(token, OffsetDeleteOperation.Refused(refusal));
            return result;
        }

        ClassicGroup? group = live.Find(request.GroupId);
        OffsetDeleteResponse response = offsetDelete.Delete(request, topic => group?.IsSubscribedTo(topic) ?? false, result);
        result.AnswerWhenCommitted(token, response, OffsetDeleteOperation.Refused);
        return result;
    }

    /// <summary>ListGroups, for this shard. Answered with a list of <see cref="ListGroupsResponse.ListedGroup"/>.</summary>
    public CoordinatorResult ListGroups(long nowMs, IReadOnlyList<string> statesFilter, IReadOnlyList<string> typesFilter, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        result.AnswerWhenCommitted(token, new ShardListing(list.List(statesFilter, typesFilter), ErrorCode.None), error => new ShardListing([], error));
        return result;
    }

    /// <summary>DescribeGroups, for groups of this shard. Answered with a list of <see cref="DescribeGroupsResponse.DescribedGroup"/>.</summary>
    public CoordinatorResult DescribeGroups(long nowMs, IReadOnlyList<string> groupIds, RequestOrigin origin, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        string[] ids = [.. groupIds];
        result.AnswerWhenCommitted(
            token,
            ids.Select(id => describe.Describe(id, origin.ApiVersion)).ToList(),
            error => ids.Select(id => DescribeGroupsOperation.Refused(id, error)).ToList());
        return result;
    }

    /// <summary>DeleteGroups, for groups of this shard. Answered with a list of <see cref="DeleteGroupsResponse.DeletableGroupResult"/>.</summary>
    public CoordinatorResult DeleteGroups(long nowMs, IReadOnlyList<string> groupIds, ReplyToken token)
    {
        var result = new CoordinatorResult(nowMs);
        string[] ids = [.. groupIds];
        List<DeleteGroupsResponse.DeletableGroupResult> outcomes = ids.Select(id => delete.Delete(id, result)).ToList();
        result.AnswerWhenCommitted(token, outcomes, error => ids.Select(id => DeleteGroupsOperation.Outcome(id, error)).ToList());
        return result;
    }

    /// <summary>Topics were deleted: their offsets go, unless they were committed for another topic of the same name.</summary>
    public CoordinatorResult TopicsDeleted(long nowMs, IReadOnlyList<(string Name, Uuid Id)> topics)
    {
        var result = new CoordinatorResult(nowMs) { IsAtomic = false };
        Dictionary<string, Uuid> deleted = topics.ToDictionary(topic => topic.Name, topic => topic.Id, StringComparer.Ordinal);
        foreach (string groupId in list.AllIds())
        {
            foreach (TopicPartition partition in state.Offsets.Partitions(groupId))
            {
                if (!deleted.TryGetValue(partition.Topic, out Uuid id)) continue;
                bool another = state.Offsets.Committed.TryGet(groupId, partition.Topic, partition.Partition, out CommittedOffset? offset)
                    && offset.IsOfAnotherTopic(id);
                if (!another) result.Append(GroupRecords.OffsetTombstone(groupId, partition));
            }
        }

        return result;
    }

    /// <summary>A timer that was set has come due.</summary>
    public CoordinatorResult TimerFired(long nowMs, TimerKey key)
    {
        var result = new CoordinatorResult(nowMs);
        if (key.Kind == TimerKind.Expiration)
        {
            Expire(result);
            return result;
        }

        if (live.Find(key.GroupId) is not { } group) return result;
        switch (key.Kind)
        {
            case TimerKind.Session: rebalance.SessionTimerFired(group, key.MemberId, result); break;
            case TimerKind.Join: rebalance.JoinTimerFired(group, result); break;
            case TimerKind.Sync: rebalance.SyncTimerFired(group, result); break;
            default: Invariant.That(false, "every kind of timer is known"); break;
        }

        return result;
    }

    /// <summary>Everything up to and including the records of <paramref name="written"/> is committed.</summary>
    public CoordinatorResult Committed(long nowMs, CoordinatorResult written)
    {
        var result = new CoordinatorResult(nowMs);
        foreach (DeferredReply reply in written.Deferred) result.Answer(reply.Token, reply.Response);
        switch (written.Write)
        {
            case AssignmentStored write when live.IsCurrent(write.Group): sync.Stored(write, result); break;
            case StaticMemberReplaced write when live.IsCurrent(write.Group): staticMembership.Replaced(write, result); break;
        }

        return result;
    }

    /// <summary>The write of <paramref name="written"/> failed, or something written before it did.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="written">The result whose write it was.</param>
    /// <param name="append">What the log says of it.</param>
    public CoordinatorResult Failed(long nowMs, CoordinatorResult written, ErrorCode append)
    {
        var result = new CoordinatorResult(nowMs);
        ErrorCode error = AppendErrors.ForClient(append);
        foreach (DeferredReply reply in written.Deferred) result.Answer(reply.Token, reply.OnFailure(error));
        switch (written.Write)
        {
            case GroupCreated write when live.IsCurrent(write.Group): NotCreated(write.Group, error, result); break;
            case AssignmentStored write when live.IsCurrent(write.Group): sync.NotStored(write, error, result); break;
            case StaticMemberReplaced write when live.IsCurrent(write.Group): staticMembership.NotReplaced(write, error, result); break;
        }

        return result;
    }

    private void NotCreated(ClassicGroup group, ErrorCode error, CoordinatorResult result)
    {
        // The record may be in the log after all, if it was the commit that failed; then the group is there, and its members with it.
        if (state.Classic.ContainsKey(group.GroupId)) return;
        foreach (ClassicMember member in group.Members)
        {
            ParkedRequests.Refuse(group, member, JoinGroupReplies.UnknownMemberId, error, result);
            result.CancelTimer(GroupTimers.Session(group.GroupId, member.MemberId));
        }

        result.CancelTimer(GroupTimers.Join(group.GroupId));
        live.Forget(group.GroupId);
    }

    private void Expire(CoordinatorResult result)
    {
        result.IsAtomic = false;
        foreach (string groupId in list.AllIds())
        {
            // Groups of other types are left as they are.
            if (live.Find(groupId) is not { } group) continue;
            bool nothingLeft = expiry.Expire(group, result);
            if (nothingLeft && group.IsEmpty && group.PendingMemberCount == 0) result.Append(GroupRecords.GroupTombstone(groupId));
        }

        result.SetTimer(GroupTimers.Expiration, config.OffsetsRetentionCheckIntervalMs);
    }

    private static OffsetCommitResponse WithError(OffsetCommitResponse response, ErrorCode error)
    {
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in response.Topics)
        {
            foreach (OffsetCommitResponse.OffsetCommitResponsePartition partition in topic.Partitions) partition.ErrorCode = (short)error;
        }

        return response;
    }
}
