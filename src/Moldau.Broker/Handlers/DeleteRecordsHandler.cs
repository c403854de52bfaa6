using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Handlers;

/// <summary>DeleteRecords (key 21, v0-2): raises a log's first offset, so that what is below is gone for readers; offset -1 stands for the high watermark.</summary>
/// <remarks>
/// Answered once the new start is on the disk: a crash does not bring back what a client was told is deleted, where Kafka may within the interval of its checkpoint.
/// Errors: OFFSET_OUT_OF_RANGE (behind the high watermark, or negative), POLICY_VIOLATION (the topic's cleanup.policy has no <c>delete</c>),
/// INVALID_TOPIC_EXCEPTION (internal topics), UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR.
/// </remarks>
internal sealed class DeleteRecordsHandler(PartitionFinder partitions, IScheduler scheduler)
    : ApiHandler<DeleteRecordsRequest, DeleteRecordsResponse>(ApiKey.DeleteRecords, 0, 2)
{
    private const long NoLowWatermark = -1;

    protected internal override async ValueTask HandleAsync(RequestContext<DeleteRecordsRequest, DeleteRecordsResponse> context)
    {
        foreach (DeleteRecordsRequest.DeleteRecordsTopic topic in context.Request.Topics)
        {
            if (topic.Partitions.Count == 0) continue;
            DeleteRecordsResponse.DeleteRecordsTopicResult answer = context.Response.Topics.Add();
            answer.Name = topic.Name;
            foreach (DeleteRecordsRequest.DeleteRecordsPartition asked in topic.Partitions)
            {
                (ErrorCode error, long lowWatermark) = await DeleteAsync(topic.Name, asked.PartitionIndex, asked.Offset);
                DeleteRecordsResponse.DeleteRecordsPartitionResult partition = answer.Partitions.Add();
                partition.PartitionIndex = asked.PartitionIndex;
                partition.ErrorCode = (short)error;
                partition.LowWatermark = lowWatermark;
            }
        }
    }

    private async ValueTask<(ErrorCode Error, long LowWatermark)> DeleteAsync(string topic, int number, long offset)
    {
        if (TopicNames.IsInternal(topic)) return (ErrorCode.InvalidTopicException, NoLowWatermark);
        ErrorCode error = partitions.Find(topic, number, out HostedPartition? hosted);
        if (error == ErrorCode.None) error = hosted!.DeleteRecords(offset);
        if (error == ErrorCode.None) await scheduler.RunBlocking(() => error = hosted!.Log.PersistLogStart());
        return error == ErrorCode.None ? (error, hosted!.Log.LogStartOffset) : (error, NoLowWatermark);
    }
}
