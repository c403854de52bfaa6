using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AlterPartitionReassignments (key 45, v0-1): begins, changes or (null replicas) cancels moves of partitions between brokers (KIP-455).</summary>
/// <remarks>v1 forbids a change of the replication factor (KIP-860). Errors: INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR, NO_REASSIGNMENT_IN_PROGRESS,
/// UNKNOWN_TOPIC_OR_PARTITION per partition; NOT_CONTROLLER, REQUEST_TIMED_OUT of the whole.</remarks>
internal sealed class AlterPartitionReassignmentsHandler(ControllerWrites writes)
    : ControllerHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(writes, ApiKey.AlterPartitionReassignments, 0, 1)
{
    protected override ControllerResult<AlterPartitionReassignmentsResponse> Run(Controller core, ControllerContext context, AlterPartitionReassignmentsRequest request) => core.AlterPartitionReassignments(request);

    protected override void Refuse(AlterPartitionReassignmentsRequest request, AlterPartitionReassignmentsResponse response, ErrorCode error, short version)
    {
        response.ErrorCode = (short)error;
        response.ErrorMessage = null;
        response.AllowReplicationFactorChange = request.AllowReplicationFactorChange;
        foreach (AlterPartitionReassignmentsRequest.ReassignableTopic topic in request.Topics)
        {
            AlterPartitionReassignmentsResponse.ReassignableTopicResponse answer = response.Responses.Add();
            answer.Name = topic.Name;
            foreach (AlterPartitionReassignmentsRequest.ReassignablePartition partition in topic.Partitions)
            {
                AlterPartitionReassignmentsResponse.ReassignablePartitionResponse entry = answer.Partitions.Add();
                entry.PartitionIndex = partition.PartitionIndex;
                entry.ErrorCode = (short)error;
                entry.ErrorMessage = null;
            }
        }
    }


    protected override int? TimeoutMs(AlterPartitionReassignmentsRequest request) => request.TimeoutMs;
}
