using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using GroupRequest = Moldau.Protocol.Messages.OffsetFetchRequest.OffsetFetchRequestGroup;
using GroupResponse = Moldau.Protocol.Messages.OffsetFetchResponse.OffsetFetchResponseGroup;

namespace Moldau.Broker.Handlers;

/// <summary>OffsetFetch (key 9, v1-10): the offsets that groups have committed. One that is not there is -1, without an error.</summary>
/// <remarks>
/// v2 all topics (null) and an error for the group; v5 leader epochs; v7 stable offsets only (KIP-447); v8 several groups (KIP-709); v9 member epochs; v10 topics by id.
/// Errors: per partition UNSTABLE_OFFSET_COMMIT and UNKNOWN_TOPIC_ID; per group NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH.
/// In v1 the group's error stands at each partition.
/// </remarks>
internal sealed class OffsetFetchHandler(GroupCoordinator coordinator, GroupTopics topics)
    : ApiHandler<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, 1, 10)
{
    private const short SeveralGroupsSince = 8, GroupErrorSince = 2;

    protected internal override async ValueTask HandleAsync(RequestContext<OffsetFetchRequest, OffsetFetchResponse> context)
    {
        if (context.Version < SeveralGroupsSince)
        {
            GroupRequest single = Single(context.Request);
            WriteSingle(context, single, await FetchAsync(single, context.Version, context.Request.RequireStable));
            return;
        }

        Task<GroupResponse>[] asked = [.. context.Request.Groups.Select(group => FetchAsync(group, context.Version, context.Request.RequireStable))];
        foreach (Task<GroupResponse> answer in asked) context.Response.Groups.Add(await answer);
    }

    private async Task<GroupResponse> FetchAsync(GroupRequest asked, short version, bool requireStable)
    {
        var unknown = new List<OffsetFetchResponse.OffsetFetchResponseTopics>();
        GroupRequest request = version < GroupTopics.ByIdSince ? asked : ByName(asked, unknown);
        GroupResponse response = await coordinator.AskAsync(
            request.GroupId,
            (shard, now, token) => shard.OffsetFetch(now, request, requireStable, token),
            error => new GroupResponse { GroupId = asked.GroupId, ErrorCode = (short)error });
        if (version < GroupTopics.ByIdSince || response.ErrorCode != (short)ErrorCode.None) return response;
        if (request.Topics is null) response = WithIds(response);
        response.Topics.AddRange(unknown);
        return response;
    }

    /// <summary>Puts names to ids; topics that do not exist are answered for.</summary>
    private GroupRequest ByName(GroupRequest asked, List<OffsetFetchResponse.OffsetFetchResponseTopics> unknown)
    {
        var request = new GroupRequest { GroupId = asked.GroupId, MemberId = asked.MemberId, MemberEpoch = asked.MemberEpoch, Topics = null };
        if (asked.Topics is null) return request;
        request.Topics = [];
        foreach (OffsetFetchRequest.OffsetFetchRequestTopics topic in asked.Topics)
        {
            if (topics.Find(GroupTopics.ByIdSince, topic.Name, topic.TopicId, out TopicImage? found) is var error and not ErrorCode.None)
            {
                unknown.Add(new OffsetFetchResponse.OffsetFetchResponseTopics { TopicId = topic.TopicId, Partitions = Absent(topic.PartitionIndexes, error) });
                continue;
            }

            topic.Name = found!.Name;
            request.Topics.Add(topic);
        }

        return request;
    }

    /// <summary>Of all offsets, those of topics that are gone have no id to be named by, and are left out.</summary>
    private GroupResponse WithIds(GroupResponse response)
    {
        var named = new GroupResponse { GroupId = response.GroupId };
        foreach (OffsetFetchResponse.OffsetFetchResponseTopics topic in response.Topics)
        {
            if (topics.Find(topic.Name) is not { } found) continue;
            topic.TopicId = found.Id;
            named.Topics.Add(topic);
        }

        return named;
    }

    private static MessageArray<OffsetFetchResponse.OffsetFetchResponsePartitions> Absent(IEnumerable<int> partitions, ErrorCode error) =>
        new(partitions.Select(partition => new OffsetFetchResponse.OffsetFetchResponsePartitions
        {
            PartitionIndex = partition, CommittedOffset = -1, CommittedLeaderEpoch = -1, Metadata = "", ErrorCode = (short)error,
        }));

    private static GroupRequest Single(OffsetFetchRequest request)
    {
        var single = new GroupRequest { GroupId = request.GroupId, Topics = null };
        if (request.Topics is null) return single;
        single.Topics = [];
        foreach (OffsetFetchRequest.OffsetFetchRequestTopic topic in request.Topics)
        {
            single.Topics.Add(new OffsetFetchRequest.OffsetFetchRequestTopics { Name = topic.Name, PartitionIndexes = topic.PartitionIndexes });
        }

        return single;
    }

    private static void WriteSingle(RequestContext<OffsetFetchRequest, OffsetFetchResponse> context, GroupRequest request, GroupResponse answer)
    {
        context.Response.ErrorCode = answer.ErrorCode;
        if (context.Version < GroupErrorSince && answer.ErrorCode != (short)ErrorCode.None)
        {
            foreach (OffsetFetchRequest.OffsetFetchRequestTopics topic in request.Topics ?? [])
            {
                answer.Topics.Add(new OffsetFetchResponse.OffsetFetchResponseTopics
                {
                    Name = topic.Name, Partitions = Absent(topic.PartitionIndexes, (ErrorCode)answer.ErrorCode),
                });
            }
        }

        foreach (OffsetFetchResponse.OffsetFetchResponseTopics topic in answer.Topics)
        {
            OffsetFetchResponse.OffsetFetchResponseTopic written = context.Response.Topics.Add();
            written.Name = topic.Name;
            foreach (OffsetFetchResponse.OffsetFetchResponsePartitions partition in topic.Partitions)
            {
                OffsetFetchResponse.OffsetFetchResponsePartition copy = written.Partitions.Add();
                copy.PartitionIndex = partition.PartitionIndex;
                copy.CommittedOffset = partition.CommittedOffset;
                copy.CommittedLeaderEpoch = partition.CommittedLeaderEpoch;
                copy.Metadata = partition.Metadata;
                copy.ErrorCode = partition.ErrorCode;
            }
        }
    }
}
