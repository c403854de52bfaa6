using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>BrokerHeartbeat (key 63, v0-2): a broker says that it lives, how far it is, and what it wants (KIP-631).</summary>
/// <remarks>v1 failed log directories (KIP-858), v2 cordoned ones (KIP-1066). Errors: STALE_BROKER_EPOCH, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class BrokerHeartbeatHandler(ControllerWrites writes)
    : ControllerHandler<BrokerHeartbeatRequest, BrokerHeartbeatResponse>(writes, ApiKey.BrokerHeartbeat, 0, 2, Listeners.Controller)
{
    protected override ControllerResult<BrokerHeartbeatResponse> Run(Controller core, ControllerContext context, BrokerHeartbeatRequest request) => core.BrokerHeartbeat(context, request);

    protected override void Refuse(BrokerHeartbeatRequest request, BrokerHeartbeatResponse response, ErrorCode error, short version) => response.ErrorCode = (short)error;
}
