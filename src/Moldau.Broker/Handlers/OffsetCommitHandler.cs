using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>OffsetCommit (key 8, v2-10): a consumer notes how far it has read; answered when that is committed.</summary>
/// <remarks>
/// v2-4 a retention time; v6 leader epochs; v7 static members; v9 member epochs (KIP-848); v10 topics by id. Errors, all per partition: UNKNOWN_TOPIC_OR_PARTITION,
/// UNKNOWN_TOPIC_ID, OFFSET_METADATA_TOO_LARGE, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, GROUP_ID_NOT_FOUND,
/// STALE_MEMBER_EPOCH, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE. What is wrong with one partition does not hold up the others.
/// </remarks>
internal sealed class OffsetCommitHandler(GroupCoordinator coordinator, GroupTopics topics)
    : ApiHandler<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 2, 10)
{
    protected internal override async ValueTask HandleAsync(RequestContext<OffsetCommitRequest, OffsetCommitResponse> context)
    {
        OffsetCommitRequest existing = TakeExisting(context);
        if (existing.Topics.Count == 0) return;
        RequestOrigin origin = RequestOrigins.Of(context);
        OffsetCommitResponse answer = await coordinator.AskAsync(
            existing.GroupId, (shard, now, token) => shard.OffsetCommit(now, existing, origin, token), error => Refused(existing, error));
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in answer.Topics)
        {
            Find(context.Response, topic.Name, topic.TopicId).Partitions.AddRange(topic.Partitions);
        }
    }

    /// <summary>The part of the request that is for partitions that exist, with names and ids; the rest is answered right here.</summary>
    private OffsetCommitRequest TakeExisting(RequestContext<OffsetCommitRequest, OffsetCommitResponse> context)
    {
        OffsetCommitRequest request = context.Request;
        var existing = new OffsetCommitRequest
        {
            GroupId = request.GroupId,
            MemberId = request.MemberId,
            GroupInstanceId = request.GroupInstanceId,
            GenerationIdOrMemberEpoch = request.GenerationIdOrMemberEpoch,
            RetentionTimeMs = request.RetentionTimeMs,
        };
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic asked in request.Topics)
        {
            ErrorCode error = topics.Find(context.Version, asked.Name, asked.TopicId, out TopicImage? topic);
            var taken = new OffsetCommitRequest.OffsetCommitRequestTopic { Name = topic?.Name ?? asked.Name, TopicId = topic?.Id ?? asked.TopicId };
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in asked.Partitions)
            {
                bool exists = topic?.Partition(partition.PartitionIndex) is not null;
                if (exists) taken.Partitions.Add(partition);
                else Refuse(context.Response, taken, partition, error == ErrorCode.None ? ErrorCode.UnknownTopicOrPartition : error);
            }

            if (taken.Partitions.Count > 0) existing.Topics.Add(taken);
        }

        return existing;
    }

    private static void Refuse(
        OffsetCommitResponse response,
        OffsetCommitRequest.OffsetCommitRequestTopic topic,
        OffsetCommitRequest.OffsetCommitRequestPartition partition,
        ErrorCode error) =>
        Find(response, topic.Name, topic.TopicId).Partitions.Add(Outcome(partition, error));

    /// <summary>The response's entry for a topic, made when it is first needed. The last one is most often meant.</summary>
    private static OffsetCommitResponse.OffsetCommitResponseTopic Find(OffsetCommitResponse response, string name, Uuid id)
    {
        for (int i = response.Topics.Count - 1; i >= 0; i--)
        {
            if (response.Topics[i].Name == name && response.Topics[i].TopicId == id) return response.Topics[i];
        }

        OffsetCommitResponse.OffsetCommitResponseTopic topic = response.Topics.Add();
        topic.Name = name;
        topic.TopicId = id;
        return topic;
    }

    private static OffsetCommitResponse Refused(OffsetCommitRequest request, ErrorCode error)
    {
        var response = new OffsetCommitResponse();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in topic.Partitions) Refuse(response, topic, partition, error);
        }

        return response;
    }

    private static OffsetCommitResponse.OffsetCommitResponsePartition Outcome(
        OffsetCommitRequest.OffsetCommitRequestPartition partition, ErrorCode error) =>
        new() { PartitionIndex = partition.PartitionIndex, ErrorCode = (short)error };
}
