using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AssignReplicasToDirs (key 73, v0): a broker tells the controller in which of its log directories replicas lie (KIP-858).</summary>
/// <remarks>Errors: STALE_BROKER_EPOCH, UNSUPPORTED_VERSION, NOT_CONTROLLER; by partition UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER.</remarks>
internal sealed class AssignReplicasToDirsHandler(ControllerWrites writes)
    : ControllerHandler<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse>(writes, ApiKey.AssignReplicasToDirs, 0, 0, Listeners.Controller)
{
    protected override ControllerResult<AssignReplicasToDirsResponse> Run(Controller core, ControllerContext context, AssignReplicasToDirsRequest request) => core.AssignReplicasToDirs(request);

    protected override void Refuse(AssignReplicasToDirsRequest request, AssignReplicasToDirsResponse response, ErrorCode error, short version) => response.ErrorCode = (short)error;
}
