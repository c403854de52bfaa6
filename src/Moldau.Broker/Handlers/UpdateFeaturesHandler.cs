using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>UpdateFeatures (key 57, v0-2): moves the feature levels of the cluster up or down, all of them or none (KIP-584).</summary>
/// <remarks>v1 safe and unsafe downgrades and validation alone (KIP-778); v2 no results per feature. Errors: INVALID_UPDATE_VERSION, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class UpdateFeaturesHandler(ControllerWrites writes)
    : ControllerHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>(writes, ApiKey.UpdateFeatures, 0, 2)
{
    protected override ControllerResult<UpdateFeaturesResponse> Run(Controller core, ControllerContext context, UpdateFeaturesRequest request) => core.UpdateFeatures(context, request);

    protected override void Refuse(UpdateFeaturesRequest request, UpdateFeaturesResponse response, ErrorCode error, short version)
    {
        response.ErrorCode = (short)error;
        response.ErrorMessage = null;
    }

}
