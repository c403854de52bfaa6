using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Groups;

/// <summary>Requests of a group's member at any version of their API, over one connection.</summary>
internal sealed class GroupApiClient(RawClient client, string groupId)
{
    public static async Task<GroupApiClient> ConnectAsync(NodeWorld world, string groupId = "g")
    {
        var group = new GroupApiClient(await world.ConnectAsync(), groupId);
        while ((ErrorCode)(await group.FindCoordinatorAsync(0)).ErrorCode == ErrorCode.CoordinatorNotAvailable) await Pause(world);
        while ((ErrorCode)(await group.ListAsync(0)).ErrorCode == ErrorCode.CoordinatorLoadInProgress) await Pause(world);
        return group;
    }

    public Task<FindCoordinatorResponse> FindCoordinatorAsync(short version, sbyte keyType = 0, string? key = null)
    {
        var request = new FindCoordinatorRequest { KeyType = keyType };
        if (version >= 4) request.CoordinatorKeys.Add(key ?? groupId);
        else request.Key = key ?? groupId;
        return client.AskAsync(request, version);
    }

    public Task<JoinGroupResponse> JoinAsync(short version, string memberId = "", string? instance = null, int sessionMs = 10_000, string protocol = "range")
    {
        JoinGroupRequest request = Joining(version, memberId, instance, sessionMs, protocol);
        return client.AskAsync(request, version);
    }

    public Task<int> SendJoinAsync(short version, string memberId = "") => client.SendAsync(Joining(version, memberId, null, 10_000, "range"), version);

    /// <summary>Joins as a client does that may be given an id first.</summary>
    public async Task<JoinGroupResponse> JoinAsMemberAsync(short version)
    {
        JoinGroupResponse first = await JoinAsync(version);
        return first.ErrorCode == (short)ErrorCode.MemberIdRequired ? await JoinAsync(version, first.MemberId) : first;
    }

    public Task<SyncGroupResponse> SyncAsync(short version, string memberId, int generation, byte[] assignment)
    {
        var request = new SyncGroupRequest { GroupId = groupId, MemberId = memberId, GenerationId = generation };
        if (version >= 5) (request.ProtocolType, request.ProtocolName) = ("consumer", "range");
        SyncGroupRequest.SyncGroupRequestAssignment entry = request.Assignments.Add();
        (entry.MemberId, entry.Assignment) = (memberId, assignment);
        return client.AskAsync(request, version);
    }

    public Task<HeartbeatResponse> HeartbeatAsync(short version, string memberId, int generation) =>
        client.AskAsync(new HeartbeatRequest { GroupId = groupId, MemberId = memberId, GenerationId = generation }, version);

    public Task<LeaveGroupResponse> LeaveAsync(short version, string memberId)
    {
        var request = new LeaveGroupRequest { GroupId = groupId };
        if (version < 3) request.MemberId = memberId;
        else request.Members.Add().MemberId = memberId;
        return client.AskAsync(request, version);
    }

    public Task<OffsetCommitResponse> CommitAsync(
        short version, long offset, string memberId = "", int generation = -1, string topic = "t", Uuid topicId = default, int partition = 0)
    {
        var request = new OffsetCommitRequest { GroupId = groupId, MemberId = memberId, GenerationIdOrMemberEpoch = generation };
        OffsetCommitRequest.OffsetCommitRequestTopic entry = request.Topics.Add();
        (entry.Name, entry.TopicId) = (topic, topicId);
        OffsetCommitRequest.OffsetCommitRequestPartition asked = entry.Partitions.Add();
        (asked.PartitionIndex, asked.CommittedOffset, asked.CommittedMetadata) = (partition, offset, "note");
        return client.AskAsync(request, version);
    }

    public async Task<ErrorCode> CommitErrorAsync(short version, long offset, string memberId = "", int generation = -1, string topic = "t", Uuid topicId = default, int partition = 0) =>
        (ErrorCode)(await CommitAsync(version, offset, memberId, generation, topic, topicId, partition)).Topics[0].Partitions[0].ErrorCode;

    public async Task<(long Offset, ErrorCode Error)> FetchAsync(short version, string topic = "t", Uuid topicId = default, int partition = 0)
    {
        var request = new OffsetFetchRequest { GroupId = version < 8 ? groupId : "" };
        if (version < 8)
        {
            OffsetFetchRequest.OffsetFetchRequestTopic entry = request.Topics!.Add();
            entry.Name = topic;
            entry.PartitionIndexes.Add(partition);
            OffsetFetchResponse.OffsetFetchResponsePartition single = (await client.AskAsync(request, version)).Topics[0].Partitions[0];
            return (single.CommittedOffset, (ErrorCode)single.ErrorCode);
        }

        OffsetFetchRequest.OffsetFetchRequestGroup group = request.Groups.Add();
        group.GroupId = groupId;
        OffsetFetchRequest.OffsetFetchRequestTopics asked = (group.Topics ??= []).Add();
        (asked.Name, asked.TopicId) = (topic, topicId);
        asked.PartitionIndexes.Add(partition);
        OffsetFetchResponse.OffsetFetchResponsePartitions found = (await client.AskAsync(request, version)).Groups[0].Topics[0].Partitions[0];
        return (found.CommittedOffset, (ErrorCode)found.ErrorCode);
    }

    public Task<OffsetFetchResponse> FetchAllAsync(short version)
    {
        var request = new OffsetFetchRequest { GroupId = version < 8 ? groupId : "" };
        if (version < 8)
        {
            request.Topics = null;
        }
        else
        {
            OffsetFetchRequest.OffsetFetchRequestGroup group = request.Groups.Add();
            (group.GroupId, group.Topics) = (groupId, null);
        }

        return client.AskAsync(request, version);
    }

    public Task<OffsetDeleteResponse> DeleteOffsetsAsync(string topic, int partition = 0)
    {
        var request = new OffsetDeleteRequest { GroupId = groupId };
        OffsetDeleteRequest.OffsetDeleteRequestTopic entry = request.Topics.Add();
        entry.Name = topic;
        entry.Partitions.Add().PartitionIndex = partition;
        return client.AskAsync(request, 0);
    }

    public async Task<DescribeGroupsResponse.DescribedGroup> DescribeAsync(short version)
    {
        var request = new DescribeGroupsRequest { IncludeAuthorizedOperations = version >= 3 };
        request.Groups.Add(groupId);
        return (await client.AskAsync(request, version)).Groups[0];
    }

    public Task<ListGroupsResponse> ListAsync(short version) => client.AskAsync(new ListGroupsRequest(), version);

    public async Task<ErrorCode> DeleteAsync(short version)
    {
        var request = new DeleteGroupsRequest();
        request.GroupsNames.Add(groupId);
        return (ErrorCode)(await client.AskAsync(request, version)).Results[0].ErrorCode;
    }

    private static Task Pause(NodeWorld world) => world.Scheduler.Delay(TimeSpan.FromMilliseconds(10));

    private JoinGroupRequest Joining(short version, string memberId, string? instance, int sessionMs, string protocol)
    {
        var request = new JoinGroupRequest
        {
            GroupId = groupId, MemberId = memberId, GroupInstanceId = instance, ProtocolType = "consumer", SessionTimeoutMs = sessionMs,
        };
        if (version > 0) request.RebalanceTimeoutMs = 10_000;
        JoinGroupRequest.JoinGroupRequestProtocol offered = request.Protocols.Add();
        (offered.Name, offered.Metadata) = (protocol, [0, 0, 0, 0, 0, 0]);
        return request;
    }
}
