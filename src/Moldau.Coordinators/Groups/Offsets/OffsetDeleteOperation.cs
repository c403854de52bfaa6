using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>OffsetDelete, once the group has agreed: tombstones for what is there, and refusals for topics in use.</summary>
internal sealed class OffsetDeleteOperation(OffsetStore store)
{
    public OffsetDeleteResponse Delete(OffsetDeleteRequest request, Func<string, bool> isSubscribed, CoordinatorResult result)
    {
        var response = new OffsetDeleteResponse();
        foreach (OffsetDeleteRequest.OffsetDeleteRequestTopic topic in request.Topics)
        {
            ErrorCode error = isSubscribed(topic.Name) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            var topicResponse = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = topic.Name };
            foreach (OffsetDeleteRequest.OffsetDeleteRequestPartition partition in topic.Partitions)
            {
                int index = partition.PartitionIndex;
                topicResponse.Partitions.Add(
                    new OffsetDeleteResponse.OffsetDeleteResponsePartition { PartitionIndex = index, ErrorCode = (short)error });
                if (error == ErrorCode.None && Has(request.GroupId, topic.Name, index))
                {
                    result.Append(GroupRecords.OffsetTombstone(request.GroupId, new TopicPartition(topic.Name, index)));
                }
            }

            response.Topics.Add(topicResponse);
        }

        return response;
    }

    public static OffsetDeleteResponse Refused(ErrorCode error) => new() { ErrorCode = (short)error };

    private bool Has(string groupId, string topic, int partition) =>
        store.Committed.TryGet(groupId, topic, partition, out _) || store.IsPending(groupId, topic, partition);
}
