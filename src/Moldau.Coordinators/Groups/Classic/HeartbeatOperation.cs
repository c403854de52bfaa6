using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>Heartbeat: a member says that it lives, and learns whether it has to join again.</summary>
internal sealed class HeartbeatOperation(Rebalance rebalance)
{
    public ErrorCode Heartbeat(ClassicGroup group, HeartbeatRequest request, CoordinatorResult result)
    {
        ErrorCode error = group.Validate(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationId != group.Generation) return ErrorCode.IllegalGeneration;

        // Between JoinGroup and SyncGroup heartbeats count like any other.
        rebalance.KeepSession(group, group.Find(request.MemberId)!, result);
        return group.State == ClassicGroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }
}
