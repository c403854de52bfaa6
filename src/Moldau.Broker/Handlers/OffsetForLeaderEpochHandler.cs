using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>OffsetForLeaderEpoch (key 23, v2-4): where an epoch ended in this log, so that a reader finds the point from which it diverged (KIP-320).</summary>
/// <remarks>Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH.</remarks>
internal sealed class OffsetForLeaderEpochHandler(PartitionFinder partitions)
    : ApiHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(ApiKey.OffsetForLeaderEpoch, 2, 4)
{
    protected internal override ValueTask HandleAsync(RequestContext<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> context)
    {
        foreach (OffsetForLeaderEpochRequest.OffsetForLeaderTopic topic in context.Request.Topics)
        {
            OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult answer = context.Response.Topics.Add();
            answer.Topic = topic.Topic;
            foreach (OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked in topic.Partitions)
            {
                OffsetForLeaderEpochResponse.EpochEndOffset partition = answer.Partitions.Add();
                partition.Partition = asked.Partition;
                ErrorCode error = partitions.Find(topic.Topic, asked.Partition, out HostedPartition? hosted);
                if (error == ErrorCode.None) error = hosted!.CheckLeader(asked.CurrentLeaderEpoch);
                partition.ErrorCode = (short)error;
                if (error != ErrorCode.None) continue;
                if (hosted!.Log.EndOffsetForEpoch((LeaderEpoch)asked.LeaderEpoch) is not { } end) continue;
                partition.LeaderEpoch = end.Epoch;
                partition.EndOffset = end.StartOffset;
            }
        }

        return ValueTask.CompletedTask;
    }
}
