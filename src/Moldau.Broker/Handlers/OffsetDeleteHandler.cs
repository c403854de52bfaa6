using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>OffsetDelete (key 47, v0): an administrator deletes offsets of a group (KIP-496).</summary>
/// <remarks>
/// Errors: of the group INVALID_GROUP_ID, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE; per partition
/// UNKNOWN_TOPIC_OR_PARTITION, GROUP_SUBSCRIBED_TO_TOPIC.
/// </remarks>
internal sealed class OffsetDeleteHandler(GroupCoordinator coordinator, GroupTopics topics)
    : ApiHandler<OffsetDeleteRequest, OffsetDeleteResponse>(ApiKey.OffsetDelete, 0, 0)
{
    protected internal override async ValueTask HandleAsync(RequestContext<OffsetDeleteRequest, OffsetDeleteResponse> context)
    {
        var unknown = new MessageArray<OffsetDeleteResponse.OffsetDeleteResponseTopic>();
        OffsetDeleteRequest existing = TakeExisting(context.Request, unknown);
        ErrorCode refusal = RequestChecks.GroupId(existing.GroupId);
        OffsetDeleteResponse answer = refusal != ErrorCode.None
            ? Refused(refusal)
            : await coordinator.AskAsync(existing.GroupId, (shard, now, token) => shard.OffsetDelete(now, existing, token), Refused);

        context.Response.ErrorCode = answer.ErrorCode;
        if (answer.ErrorCode != (short)ErrorCode.None) return;
        context.Response.Topics.AddRange(unknown);
        foreach (OffsetDeleteResponse.OffsetDeleteResponseTopic topic in answer.Topics)
        {
            OffsetDeleteResponse.OffsetDeleteResponseTopic? known = unknown.FirstOrDefault(each => each.Name == topic.Name);
            if (known is null) context.Response.Topics.Add(topic);
            else known.Partitions.AddRange(topic.Partitions);
        }
    }

    private OffsetDeleteRequest TakeExisting(OffsetDeleteRequest request, MessageArray<OffsetDeleteResponse.OffsetDeleteResponseTopic> unknown)
    {
        var existing = new OffsetDeleteRequest { GroupId = request.GroupId };
        foreach (OffsetDeleteRequest.OffsetDeleteRequestTopic asked in request.Topics)
        {
            TopicImage? topic = topics.Find(asked.Name);
            var taken = new OffsetDeleteRequest.OffsetDeleteRequestTopic { Name = asked.Name };
            var missing = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = asked.Name };
            foreach (OffsetDeleteRequest.OffsetDeleteRequestPartition partition in asked.Partitions)
            {
                if (topic?.Partition(partition.PartitionIndex) is not null) taken.Partitions.Add(partition);
                else missing.Partitions.Add(Missing(partition.PartitionIndex));
            }

            if (taken.Partitions.Count > 0) existing.Topics.Add(taken);
            if (missing.Partitions.Count > 0) unknown.Add(missing);
        }

        return existing;
    }

    private static OffsetDeleteResponse.OffsetDeleteResponsePartition Missing(int partition) =>
        new() { PartitionIndex = partition, ErrorCode = (short)ErrorCode.UnknownTopicOrPartition };

    private static OffsetDeleteResponse Refused(ErrorCode error) => new() { ErrorCode = (short)error };
}
