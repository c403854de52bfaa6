using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>ControllerRegistration (key 70, v0): a controller that starts makes its endpoints and features known (KIP-919).</summary>
/// <remarks>Errors: UNSUPPORTED_VERSION (metadata.version), NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class ControllerRegistrationHandler(ControllerWrites writes)
    : ControllerHandler<ControllerRegistrationRequest, ControllerRegistrationResponse>(writes, ApiKey.ControllerRegistration, 0, 0, Listeners.Controller)
{
    protected override ControllerResult<ControllerRegistrationResponse> Run(Controller core, ControllerContext context, ControllerRegistrationRequest request) => core.RegisterController(request);

    protected override void Refuse(ControllerRegistrationRequest request, ControllerRegistrationResponse response, ErrorCode error, short version)
    {
        response.ErrorCode = (short)error;
        response.ErrorMessage = null;
    }

}
