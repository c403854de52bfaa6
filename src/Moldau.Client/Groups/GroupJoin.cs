using Moldau.Client.Clusters;
using Moldau.Client.Consuming;
using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>One rebalance: JoinGroup, for the leader the dealing out, SyncGroup; repeated until it comes to an end. Runs in the background.</summary>
internal sealed class GroupJoin(Cluster cluster, GroupConnection connection, ConsumerOptions options, string group)
{
    /// <summary>What a broker's answer to JoinGroup may take longer than the rebalance that it waits for.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>From this version on the request may say why.</summary>
    private const short FirstVersionWithReason = 8;

    private string memberId = "";
    private int generation = -1;

    /// <summary>Joins until there is an assignment.</summary>
    /// <param name="was">Who the consumer was.</param>
    /// <param name="topics">Its subscription.</param>
    /// <param name="owned">What it has.</param>
    /// <param name="reason">Why, for the coordinator's log.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KafkaException">The group does not take it.</exception>
    public async Task<JoinResult> RunAsync(Generation was, IReadOnlyCollection<string> topics, IReadOnlyCollection<TopicPartition> owned, string reason, CancellationToken cancellation)
    {
        memberId = was.MemberId;
        generation = was.Id;
        Backoff backoff = cluster.Retries.NewBackoff();
        while (true)
        {
            try
            {
                return await TryAsync(topics, owned, reason, cancellation);
            }
            catch (KafkaException e) when (MayRepeat(e))
            {
                // The coordinator waits for all members to come back: nothing is gained by a pause then.
                if (e.Code is not (ErrorCode.MemberIdRequired or ErrorCode.RebalanceInProgress)) await cluster.Scheduler.Delay(backoff.Next(), cancellation);
            }
        }
    }

    private bool MayRepeat(KafkaException e)
    {
        if (e.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration)
        {
            // A static member keeps its instance id; the coordinator gives it a new member id.
            if (e.Code == ErrorCode.UnknownMemberId) memberId = "";
            generation = -1;
            return true;
        }

        return e.Code is ErrorCode.MemberIdRequired or ErrorCode.RebalanceInProgress || e.IsRetriable;
    }

    private async Task<JoinResult> TryAsync(IReadOnlyCollection<string> topics, IReadOnlyCollection<TopicPartition> owned, string reason, CancellationToken cancellation)
    {
        JoinGroupResponse joined = await connection.SendAsync(
            version => JoinRequest(topics, owned, version >= FirstVersionWithReason ? reason : null), ApiKey.JoinGroup, short.MaxValue, JoinError, options.PollIntervalMax + Grace, cancellation);
        memberId = joined.MemberId;
        generation = joined.GenerationId;
        var now = new Generation(joined.GenerationId, joined.MemberId, joined.ProtocolName ?? "");
        Dictionary<string, int>? saw = null;
        var sync = new SyncGroupRequest
        {
            GroupId = group,
            GenerationId = now.Id,
            MemberId = now.MemberId,
            GroupInstanceId = options.GroupInstanceId,
            ProtocolType = ConsumerProtocol.Type,
            ProtocolName = now.Protocol,
        };
        if (joined.Leader == joined.MemberId)
        {
            List<GroupMember> members = [.. joined.Members.Select(Read)];
            saw = await PartitionsAsync(members, cancellation);
            if (!joined.SkipAssignment) DealOut(sync, now.Protocol, members, saw);
        }

        SyncGroupResponse synced = await connection.SendAsync(_ => sync, ApiKey.SyncGroup, short.MaxValue, static response => (ErrorCode)response.ErrorCode, options.PollIntervalMax + Grace, cancellation);
        return ConsumerProtocol.TryReadAssignment(synced.Assignment, out IReadOnlyList<TopicPartition>? partitions)
            ? new JoinResult(now, partitions, saw)
            : throw new KafkaException(ErrorCode.InconsistentGroupProtocol, $"group '{group}': the leader's assignment is not readable");
    }

    private JoinGroupRequest JoinRequest(IReadOnlyCollection<string> topics, IReadOnlyCollection<TopicPartition> owned, string? reason)
    {
        var request = new JoinGroupRequest
        {
            GroupId = group,
            SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
            RebalanceTimeoutMs = (int)options.PollIntervalMax.TotalMilliseconds,
            MemberId = memberId,
            GroupInstanceId = options.GroupInstanceId,
            ProtocolType = ConsumerProtocol.Type,
            Reason = reason,
        };
        foreach (IPartitionAssignor assignor in options.Assignors)
        {
            JoinGroupRequest.JoinGroupRequestProtocol protocol = request.Protocols.Add();
            protocol.Name = assignor.Name;
            protocol.Metadata = ConsumerProtocol.WriteSubscription(topics, owned, generation, options.Rack);
        }

        return request;
    }

    private ErrorCode JoinError(JoinGroupResponse response)
    {
        // The id that the coordinator has given is to be used at once (KIP-394).
        if (response.ErrorCode == (short)ErrorCode.MemberIdRequired) memberId = response.MemberId;
        return (ErrorCode)response.ErrorCode;
    }

    private static GroupMember Read(JoinGroupResponse.JoinGroupResponseMember member)
    {
        ConsumerProtocolSubscription subscription;
        try
        {
            subscription = ConsumerProtocol.ReadSubscription(member.Metadata);
        }
        catch (WireFormatException e)
        {
            throw new KafkaException(ErrorCode.InconsistentGroupProtocol, $"member {member.MemberId}: its subscription is not readable", e);
        }

        List<TopicPartition> owned =
            [.. from topic in subscription.OwnedPartitions
                from partition in topic.Partitions
                select new TopicPartition(topic.Topic, partition)];
        return new GroupMember(member.MemberId, member.GroupInstanceId, [.. subscription.Topics], owned, subscription.GenerationId);
    }

    private async Task<Dictionary<string, int>> PartitionsAsync(List<GroupMember> members, CancellationToken cancellation)
    {
        SortedSet<string> topics = new(members.SelectMany(static member => member.Topics), StringComparer.Ordinal);
        foreach (string topic in topics) cluster.AddInterest(topic, options.AllowTopicCreation);
        await cluster.RefreshAsync(cancellation);
        return PartitionCounts(topics);
    }

    /// <summary>The partition counts of topics as they are known; topics that do not exist are left out.</summary>
    public Dictionary<string, int> PartitionCounts(IEnumerable<string> topics)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        ClusterSnapshot known = cluster.Snapshot;
        foreach (string topic in topics)
        {
            if (known.Topic(topic) is { Error: ErrorCode.None, Partitions.Count: > 0 } found) counts[topic] = found.Partitions.Count;
        }

        return counts;
    }

    private void DealOut(SyncGroupRequest sync, string protocol, List<GroupMember> members, Dictionary<string, int> partitions)
    {
        IPartitionAssignor assignor = options.Assignors.FirstOrDefault(each => each.Name == protocol)
            ?? throw new KafkaException(ErrorCode.InconsistentGroupProtocol, $"group '{group}' agreed on '{protocol}', which this consumer did not offer");
        foreach ((string member, List<TopicPartition> share) in assignor.Assign(partitions, members))
        {
            SyncGroupRequest.SyncGroupRequestAssignment assignment = sync.Assignments.Add();
            assignment.MemberId = member;
            assignment.Assignment = ConsumerProtocol.WriteAssignment(share);
        }
    }
}
