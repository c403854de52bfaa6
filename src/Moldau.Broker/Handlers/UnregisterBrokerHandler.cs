using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>UnregisterBroker (key 64, v0): takes a broker that will not come back out of the cluster (KIP-631).</summary>
/// <remarks>Errors: BROKER_ID_NOT_REGISTERED, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class UnregisterBrokerHandler(ControllerWrites writes)
    : ControllerHandler<UnregisterBrokerRequest, UnregisterBrokerResponse>(writes, ApiKey.UnregisterBroker, 0, 0)
{
    protected override ControllerResult<UnregisterBrokerResponse> Run(Controller core, ControllerContext context, UnregisterBrokerRequest request) => core.UnregisterBroker(request);

    protected override void Refuse(UnregisterBrokerRequest request, UnregisterBrokerResponse response, ErrorCode error, short version)
    {
        response.ErrorCode = (short)error;
        response.ErrorMessage = null;
    }

}
