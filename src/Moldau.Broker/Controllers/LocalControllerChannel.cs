using Moldau.Broker.Publishing;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Controllers;

/// <summary>The controller of this process. What changes topics is answered once this broker has published it: the client finds it done.</summary>
internal sealed class LocalControllerChannel(ControllerLoop controller, MetadataCache metadata) : IControllerChannel
{
    public async Task<BrokerRegistrationResponse?> RegisterAsync(BrokerRegistrationRequest request) =>
        (await controller.SubmitAsync((core, context) => core.RegisterBroker(context, request), 4)).Response;

    public async Task<ControllerRegistrationResponse?> RegisterControllerAsync(ControllerRegistrationRequest request) =>
        (await controller.SubmitAsync((core, _) => core.RegisterController(request), 0)).Response;

    public async Task<BrokerHeartbeatResponse?> HeartbeatAsync(BrokerHeartbeatRequest request) =>
        (await controller.SubmitAsync((core, context) => core.BrokerHeartbeat(context, request), 2)).Response;

    public async Task<AllocateProducerIdsResponse?> AllocateProducerIdsAsync(AllocateProducerIdsRequest request) =>
        (await controller.SubmitAsync((core, _) => core.AllocateProducerIds(request), 0)).Response;

    public async Task<AssignReplicasToDirsResponse?> AssignReplicasToDirsAsync(AssignReplicasToDirsRequest request) =>
        (await controller.SubmitAsync((core, _) => core.AssignReplicasToDirs(request), 0)).Response;

    public async Task<CreateTopicsResponse?> CreateTopicsAsync(CreateTopicsRequest request)
    {
        ControllerAnswer<CreateTopicsResponse> answer = await controller.SubmitAsync((core, _) => core.CreateTopics(request, static _ => true), 7);
        if (answer.Error != ErrorCode.None) return null;
        await metadata.WaitForAsync(answer.Offset);
        return answer.Response;
    }
}
