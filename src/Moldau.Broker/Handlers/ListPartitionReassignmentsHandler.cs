using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>ListPartitionReassignments (key 46, v0): the moves of partitions that are under way (KIP-455).</summary>
/// <remarks>Errors: NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class ListPartitionReassignmentsHandler(ControllerWrites writes)
    : ControllerHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(writes, ApiKey.ListPartitionReassignments, 0, 0)
{
    protected override ControllerResult<ListPartitionReassignmentsResponse> Run(Controller core, ControllerContext context, ListPartitionReassignmentsRequest request) => 
        ControllerResult<ListPartitionReassignmentsResponse>.Of(core.ListPartitionReassignments(request));

    protected override void Refuse(ListPartitionReassignmentsRequest request, ListPartitionReassignmentsResponse response, ErrorCode error, short version)
    {
        response.ErrorCode = (short)error;
        response.ErrorMessage = null;
    }

}
