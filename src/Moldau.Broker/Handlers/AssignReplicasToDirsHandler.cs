using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AssignReplicasToDirs (key 73, v0): a broker tells the controller in which of its log directories replicas lie (KIP-858).</summary>
/// <remarks>Errors: STALE_BROKER_EPOCH, UNSUPPORTED_VERSION, NOT_CONTROLLER; by partition UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER.</remarks>
internal sealed class AssignReplicasToDirsHandler(ControllerWrites writes)
    : ApiHandler<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse>(ApiKey.AssignReplicasToDirs, 0, 0, Listeners.Controller)
{
    protected internal override async ValueTask HandleAsync(RequestContext<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse> context)
    {
        AssignReplicasToDirsRequest request = context.Request;
        (ErrorCode error, AssignReplicasToDirsResponse? response) = await writes.RunAsync((core, _) => core.AssignReplicasToDirs(request), context.Version, timeoutMs: null);
        context.Response.ErrorCode = response?.ErrorCode ?? (short)error;
        if (response is null) return;
        foreach (AssignReplicasToDirsResponse.DirectoryData directory in response.Directories) context.Response.Directories.Add(directory);
    }
}
