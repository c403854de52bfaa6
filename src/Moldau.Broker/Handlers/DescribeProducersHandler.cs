using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Storage;

namespace Moldau.Broker.Handlers;

/// <summary>DescribeProducers (key 61, v0): the producers a partition's leader remembers, with their last sequence and open transaction (KIP-664).</summary>
/// <remarks>Errors: INVALID_TOPIC_EXCEPTION, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER.</remarks>
internal sealed class DescribeProducersHandler(PartitionFinder partitions)
    : ApiHandler<DescribeProducersRequest, DescribeProducersResponse>(ApiKey.DescribeProducers, 0, 0)
{
    protected internal override ValueTask HandleAsync(RequestContext<DescribeProducersRequest, DescribeProducersResponse> context)
    {
        foreach (DescribeProducersRequest.TopicRequest topic in context.Request.Topics)
        {
            DescribeProducersResponse.TopicResponse answer = context.Response.Topics.Add();
            answer.Name = topic.Name;
            string? reason = TopicNames.Reject(topic.Name);
            foreach (int index in topic.PartitionIndexes)
            {
                DescribeProducersResponse.PartitionResponse partition = answer.Partitions.Add();
                partition.PartitionIndex = index;
                if (reason is null)
                {
                    Describe(topic.Name, partition);
                    continue;
                }

                partition.ErrorCode = (short)ErrorCode.InvalidTopicException;
                partition.ErrorMessage = reason;
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Describe(string topic, DescribeProducersResponse.PartitionResponse answer)
    {
        ErrorCode error = partitions.Find(topic, answer.PartitionIndex, out HostedPartition? hosted);
        if (error == ErrorCode.None) error = hosted!.CheckLeader(clientEpoch: -1);
        answer.ErrorCode = (short)error;
        if (error != ErrorCode.None) return;
        foreach (ProducerInfo producer in hosted!.Log.ActiveProducers())
        {
            DescribeProducersResponse.ProducerState state = answer.ActiveProducers.Add();
            state.ProducerId = producer.ProducerId;
            state.ProducerEpoch = producer.ProducerEpoch;
            state.LastSequence = producer.LastSequence;
            state.LastTimestamp = producer.LastTimestampMs;
            state.CoordinatorEpoch = producer.CoordinatorEpoch;
            state.CurrentTxnStartOffset = producer.CurrentTransactionStartOffset;
        }
    }
}
