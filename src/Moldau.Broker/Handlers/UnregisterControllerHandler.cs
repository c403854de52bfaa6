using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>UnregisterController (key 94, v0): takes a controller that will not come back out of the cluster.</summary>
/// <remarks>Errors: CONTROLLER_ID_NOT_REGISTERED, UNSUPPORTED_VERSION (metadata.version), NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class UnregisterControllerHandler(ControllerWrites writes)
    : ControllerHandler<UnregisterControllerRequest, UnregisterControllerResponse>(writes, ApiKey.UnregisterController, 0, 0)
{
    protected override ControllerResult<UnregisterControllerResponse> Run(Controller core, ControllerContext context, UnregisterControllerRequest request) => core.UnregisterController(request);

    protected override void Refuse(UnregisterControllerRequest request, UnregisterControllerResponse response, ErrorCode error, short version)
    {
        response.ErrorCode = (short)error;
        response.ErrorMessage = null;
    }

}
