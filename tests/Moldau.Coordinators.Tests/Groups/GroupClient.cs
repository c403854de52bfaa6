using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

/// <summary>Requests in short, to one group of a <see cref="ShardDriver"/>.</summary>
internal sealed class GroupClient(ShardDriver driver, string groupId)
{
    public string GroupId { get; } = groupId;

    public ReplyToken Join(
        string memberId = "",
        string? instance = null,
        string[]? protocols = null,
        string protocolType = "consumer",
        byte[]? metadata = null,
        short version = 9,
        int sessionMs = 10_000,
        int rebalanceMs = 30_000)
    {
        var request = new JoinGroupRequest
        {
            GroupId = GroupId,
            MemberId = memberId,
            GroupInstanceId = instance,
            ProtocolType = protocolType,
            SessionTimeoutMs = sessionMs,
            RebalanceTimeoutMs = rebalanceMs,
        };
        foreach (string protocol in protocols ?? ["range"])
        {
            request.Protocols.Add(new JoinGroupRequest.JoinGroupRequestProtocol { Name = protocol, Metadata = metadata ?? Subscription("in") });
        }

        string suffix = driver.TakeSuffix();
        return driver.Ask((shard, now, token) => shard.JoinGroup(now, request, Origin(version), suffix, token));
    }

    public ReplyToken Sync(
        string memberId,
        int generation,
        IEnumerable<(string Member, byte[] Assignment)>? assignments = null,
        string? instance = null,
        string? protocolType = null,
        string? protocolName = null)
    {
        var request = new SyncGroupRequest
        {
            GroupId = GroupId, MemberId = memberId, GenerationId = generation, GroupInstanceId = instance, ProtocolType = protocolType, ProtocolName = protocolName,
        };
        foreach (var (member, assignment) in assignments ?? [])
        {
            request.Assignments.Add(new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = member, Assignment = assignment });
        }

        return driver.Ask((shard, now, token) => shard.SyncGroup(now, request, token));
    }

    public ErrorCode Heartbeat(string memberId, int generation, string? instance = null)
    {
        var request = new HeartbeatRequest { GroupId = GroupId, MemberId = memberId, GenerationId = generation, GroupInstanceId = instance };
        return (ErrorCode)driver.Answer<HeartbeatResponse>(driver.Ask((shard, now, token) => shard.Heartbeat(now, request, token))).ErrorCode;
    }

    public ReplyToken Leave(params (string Member, string? Instance)[] members)
    {
        var request = new LeaveGroupRequest { GroupId = GroupId };
        foreach (var (member, instance) in members)
        {
            request.Members.Add(new LeaveGroupRequest.MemberIdentity { MemberId = member, GroupInstanceId = instance });
        }

        return driver.Ask((shard, now, token) => shard.LeaveGroup(now, request, token));
    }

    public ReplyToken Commit(
        long offset,
        string memberId = "",
        int generation = -1,
        string? instance = null,
        string topic = "in",
        int partition = 0,
        string? metadata = "",
        long retentionMs = -1,
        Uuid topicId = default,
        short version = 9)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = GroupId, MemberId = memberId, GenerationIdOrMemberEpoch = generation, GroupInstanceId = instance, RetentionTimeMs = retentionMs,
        };
        var topicRequest = new OffsetCommitRequest.OffsetCommitRequestTopic { Name = topic, TopicId = topicId };
        topicRequest.Partitions.Add(new OffsetCommitRequest.OffsetCommitRequestPartition
        {
            PartitionIndex = partition, CommittedOffset = offset, CommittedMetadata = metadata,
        });
        request.Topics.Add(topicRequest);
        return driver.Ask((shard, now, token) => shard.OffsetCommit(now, request, Origin(version), token));
    }

    public ErrorCode CommitError(ReplyToken token) =>
        (ErrorCode)driver.Answer<OffsetCommitResponse>(token).Topics[0].Partitions[0].ErrorCode;

    public OffsetFetchResponse.OffsetFetchResponseGroup FetchAll(bool requireStable = false, string? memberId = null, int epoch = -1)
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = GroupId, Topics = null, MemberId = memberId, MemberEpoch = epoch };
        return driver.Answer<OffsetFetchResponse.OffsetFetchResponseGroup>(
            driver.Ask((shard, now, token) => shard.OffsetFetch(now, request, requireStable, token)));
    }

    public OffsetFetchResponse.OffsetFetchResponsePartitions Fetch(
        string topic = "in", int partition = 0, bool requireStable = false, Uuid topicId = default) =>
        driver.Answer<OffsetFetchResponse.OffsetFetchResponseGroup>(AskFetch(topic, partition, requireStable, topicId)).Topics[0].Partitions[0];

    public ReplyToken AskFetch(string topic = "in", int partition = 0, bool requireStable = false, Uuid topicId = default)
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup
        {
            GroupId = GroupId,
            Topics = [new OffsetFetchRequest.OffsetFetchRequestTopics { Name = topic, TopicId = topicId, PartitionIndexes = [partition] }],
        };
        return driver.Ask((shard, now, token) => shard.OffsetFetch(now, request, requireStable, token));
    }

    public OffsetDeleteResponse DeleteOffset(string topic = "in", int partition = 0)
    {
        var request = new OffsetDeleteRequest { GroupId = GroupId };
        request.Topics.Add(new OffsetDeleteRequest.OffsetDeleteRequestTopic
        {
            Name = topic, Partitions = [new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = partition }],
        });
        return driver.Answer<OffsetDeleteResponse>(driver.Ask((shard, now, token) => shard.OffsetDelete(now, request, token)));
    }

    public ErrorCode Delete() =>
        (ErrorCode)driver.Answer<List<DeleteGroupsResponse.DeletableGroupResult>>(
            driver.Ask((shard, now, token) => shard.DeleteGroups(now, [GroupId], token)))[0].ErrorCode;

    public DescribeGroupsResponse.DescribedGroup Describe(short version = 6) =>
        driver.Answer<List<DescribeGroupsResponse.DescribedGroup>>(
            driver.Ask((shard, now, token) => shard.DescribeGroups(now, [GroupId], Origin(version), token)))[0];

    public JoinGroupResponse Joined(ReplyToken token) => driver.Answer<JoinGroupResponse>(token);

    public SyncGroupResponse Synced(ReplyToken token) => driver.Answer<SyncGroupResponse>(token);

    /// <summary>Makes a stable group of this many dynamic members; returns their ids, the leader's first.</summary>
    public string[] Settle(int members = 1, string protocolType = "consumer", string topic = "in")
    {
        byte[] metadata = Subscription(topic);
        string[] ids = new string[members];
        ReplyToken[] joins = new ReplyToken[members];
        for (int i = 0; i < members; i++)
        {
            ids[i] = Joined(Join(protocolType: protocolType, metadata: metadata)).MemberId;
            joins[i] = Join(ids[i], protocolType: protocolType, metadata: metadata);
        }

        driver.Advance(driver.Config.InitialRebalanceDelayMs * (members + 1));
        int generation = Joined(joins[0]).GenerationId;
        for (int i = 1; i < members; i++) Sync(ids[i], generation);
        Sync(ids[0], generation, ids.Select((id, index) => (id, new[] { (byte)index })));
        Assert.Equal(Coordinators.Groups.Classic.ClassicGroupState.Stable, driver.Group(GroupId).State);
        return ids;
    }

    public static byte[] Subscription(params string[] topics)
    {
        var writer = new WireWriter();
        writer.WriteInt16(0);
        writer.WriteCount(topics.Length, compact: false);
        foreach (string topic in topics) writer.WriteString(topic, compact: false);
        writer.WriteNullableBytes(null, compact: false);
        return writer.ToArray();
    }

    private static RequestOrigin Origin(short version) => new("client", "/127.0.0.1", version);
}
