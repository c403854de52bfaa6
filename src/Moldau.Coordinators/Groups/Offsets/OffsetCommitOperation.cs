using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>OffsetCommit, once the group has agreed: one record per partition, and the answer when they are committed.</summary>
internal sealed class OffsetCommitOperation(GroupConfig config)
{
    /// <summary>RetentionTimeMs of a client that leaves the retention to the broker.</summary>
    private const long BrokerRetention = -1;

    public OffsetCommitResponse Commit(OffsetCommitRequest request, CoordinatorResult result)
    {
        long expireTimestampMs = request.RetentionTimeMs == BrokerRetention
            ? CommittedOffset.NoExpireTimestamp
            : result.NowMs + request.RetentionTimeMs;
        var response = new OffsetCommitResponse();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            var topicResponse = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in topic.Partitions)
            {
                string metadata = partition.CommittedMetadata ?? "";
                bool tooLarge = metadata.Length > config.OffsetMetadataMaxBytes;
                topicResponse.Partitions.Add(Outcome(partition, tooLarge ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None));
                if (tooLarge) continue;
                var offset = new CommittedOffset(
                    partition.CommittedOffset, partition.CommittedLeaderEpoch, metadata, result.NowMs, expireTimestampMs, topic.TopicId);
                result.Append(GroupRecords.OffsetCommit(request.GroupId, new TopicPartition(topic.Name, partition.PartitionIndex), offset));
            }

            response.Topics.Add(topicResponse);
        }

        return response;
    }

    /// <summary>The answer that refuses every partition. The API has no error for the whole request.</summary>
    public static OffsetCommitResponse Refused(OffsetCommitRequest request, ErrorCode error)
    {
        var response = new OffsetCommitResponse();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            var topicResponse = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in topic.Partitions)
            {
                topicResponse.Partitions.Add(Outcome(partition, error));
            }

            response.Topics.Add(topicResponse);
        }

        return response;
    }

    private static OffsetCommitResponse.OffsetCommitResponsePartition Outcome(
        OffsetCommitRequest.OffsetCommitRequestPartition partition, ErrorCode error) =>
        new() { PartitionIndex = partition.PartitionIndex, ErrorCode = (short)error };
}
