using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AllocateProducerIds (key 67, v0): gives a broker a block of producer ids (KIP-730).</summary>
/// <remarks>Errors: STALE_BROKER_EPOCH, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class AllocateProducerIdsHandler(ControllerWrites writes)
    : ControllerHandler<AllocateProducerIdsRequest, AllocateProducerIdsResponse>(writes, ApiKey.AllocateProducerIds, 0, 0, Listeners.Controller)
{
    protected override ControllerResult<AllocateProducerIdsResponse> Run(Controller core, ControllerContext context, AllocateProducerIdsRequest request) => core.AllocateProducerIds(request);

    protected override void Refuse(AllocateProducerIdsRequest request, AllocateProducerIdsResponse response, ErrorCode error, short version) => response.ErrorCode = (short)error;
}
