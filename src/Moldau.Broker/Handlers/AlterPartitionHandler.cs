using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AlterPartition (key 56, v2-3): a partition's leader proposes a new ISR (KIP-497).</summary>
/// <remarks>v3 replicas with their broker epochs (KIP-903). Errors: STALE_BROKER_EPOCH, NOT_CONTROLLER, REQUEST_TIMED_OUT of the whole; INVALID_UPDATE_VERSION, FENCED_LEADER_EPOCH,
/// INELIGIBLE_REPLICA, INVALID_REQUEST, UNKNOWN_TOPIC_ID per partition.</remarks>
internal sealed class AlterPartitionHandler(ControllerWrites writes)
    : ControllerHandler<AlterPartitionRequest, AlterPartitionResponse>(writes, ApiKey.AlterPartition, 2, 3, Listeners.Controller)
{
    protected override ControllerResult<AlterPartitionResponse> Run(Controller core, ControllerContext context, AlterPartitionRequest request) => core.AlterPartition(context, request);

    protected override void Refuse(AlterPartitionRequest request, AlterPartitionResponse response, ErrorCode error, short version) => response.ErrorCode = (short)error;
}
