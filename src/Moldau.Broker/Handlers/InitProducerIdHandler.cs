using Moldau.Broker.Controllers;
using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>InitProducerId (key 22, v0-5): an id for an idempotent producer.</summary>
/// <remarks>
/// v6 (two-phase commit) is not stable and hidden, as in Kafka. A transactional id needs a transaction coordinator, which this node is not:
/// NOT_COORDINATOR. Errors: INVALID_REQUEST, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS while the controller cannot be reached.
/// </remarks>
internal sealed class InitProducerIdHandler(ProducerIds producerIds)
    : ApiHandler<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId, 0, 5)
{
    protected internal override async ValueTask HandleAsync(RequestContext<InitProducerIdRequest, InitProducerIdResponse> context)
    {
        InitProducerIdResponse response = context.Response;
        response.ProducerId = -1;
        response.ProducerEpoch = -1;
        if (context.Request.TransactionalId is { } transactionalId)
        {
            response.ErrorCode = (short)(transactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.NotCoordinator);
            return;
        }

        if (await producerIds.NextAsync() is not { } id)
        {
            response.ErrorCode = (short)ErrorCode.CoordinatorLoadInProgress;
            return;
        }

        response.ProducerId = id;
        response.ProducerEpoch = 0;
    }
}
