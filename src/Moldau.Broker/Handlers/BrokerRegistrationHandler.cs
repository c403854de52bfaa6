using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>BrokerRegistration (key 62, v0-4): a broker that starts makes itself known to the controller (KIP-631).</summary>
/// <remarks>v2 log directories (KIP-858), v3 the epoch it left with (KIP-966). Errors: DUPLICATE_BROKER_REGISTRATION, INCONSISTENT_CLUSTER_ID, INVALID_REGISTRATION,
/// UNSUPPORTED_VERSION, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class BrokerRegistrationHandler(ControllerWrites writes)
    : ControllerHandler<BrokerRegistrationRequest, BrokerRegistrationResponse>(writes, ApiKey.BrokerRegistration, 0, 4, Listeners.Controller)
{
    protected override ControllerResult<BrokerRegistrationResponse> Run(Controller core, ControllerContext context, BrokerRegistrationRequest request) => core.RegisterBroker(context, request);

    protected override void Refuse(BrokerRegistrationRequest request, BrokerRegistrationResponse response, ErrorCode error, short version) => response.ErrorCode = (short)error;
}
