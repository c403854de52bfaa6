using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>OffsetFetch for one group. An offset that is not there is -1, without an error, and so is one of an unknown group.</summary>
internal sealed class OffsetFetchOperation(OffsetStore store)
{
    private const long NoOffset = -1;
    private const int NoEpoch = -1;

    /// <summary>The offsets of the topics asked for, or all of them when the topics are null.</summary>
    public OffsetFetchResponse.OffsetFetchResponseGroup Fetch(OffsetFetchRequest.OffsetFetchRequestGroup request, bool requireStable)
    {
        var response = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = request.GroupId };
        if (request.Topics is null) FetchAll(request.GroupId, requireStable, response);
        else FetchNamed(request, requireStable, response);
        return response;
    }

    public static OffsetFetchResponse.OffsetFetchResponseGroup Refused(string groupId, ErrorCode error) =>
        new() { GroupId = groupId, ErrorCode = (short)error };

    private void FetchNamed(
        OffsetFetchRequest.OffsetFetchRequestGroup request, bool requireStable, OffsetFetchResponse.OffsetFetchResponseGroup response)
    {
        foreach (OffsetFetchRequest.OffsetFetchRequestTopics topic in request.Topics!)
        {
            var topicResponse = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic.Name, TopicId = topic.TopicId };
            foreach (int partition in topic.PartitionIndexes)
            {
                store.Committed.TryGet(request.GroupId, topic.Name, partition, out CommittedOffset? offset);
                if (offset is not null && offset.IsOfAnotherTopic(topic.TopicId)) offset = null;
                topicResponse.Partitions.Add(Describe(request.GroupId, topic.Name, partition, offset, requireStable));
            }

            response.Topics.Add(topicResponse);
        }
    }

    private void FetchAll(string groupId, bool requireStable, OffsetFetchResponse.OffsetFetchResponseGroup response)
    {
        foreach (var (topic, partitions) in store.Committed.Topics(groupId))
        {
            var topicResponse = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic };
            foreach (var (partition, offset) in partitions)
            {
                topicResponse.Partitions.Add(Describe(groupId, topic, partition, offset, requireStable));
            }

            response.Topics.Add(topicResponse);
        }
    }

    private OffsetFetchResponse.OffsetFetchResponsePartitions Describe(
        string groupId, string topic, int partition, CommittedOffset? offset, bool requireStable)
    {
        bool unstable = requireStable && store.IsPending(groupId, topic, partition);
        if (unstable) offset = null;
        return new OffsetFetchResponse.OffsetFetchResponsePartitions
        {
            PartitionIndex = partition,
            ErrorCode = (short)(unstable ? ErrorCode.UnstableOffsetCommit : ErrorCode.None),
            CommittedOffset = offset?.Offset ?? NoOffset,
            CommittedLeaderEpoch = offset?.LeaderEpoch ?? NoEpoch,
            Metadata = offset?.Metadata ?? "",
        };
    }
}
