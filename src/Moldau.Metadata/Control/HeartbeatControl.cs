using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Heartbeats of brokers: unfencing, fencing, controlled shutdown, directories that fail.</summary>
internal sealed class HeartbeatControl(ControllerState state, ClusterControl cluster, BrokerHeartbeats heartbeats, PartitionControl partitions)
{
    private enum BrokerState
    {
        Fenced,
        Unfenced,
        ControlledShutdown,
        ShutdownNow,
    }

    /// <summary>BrokerHeartbeat (key 63): keeps a broker's session, and moves it between fenced, serving and shutting down.</summary>
    /// <remarks>Errors: STALE_BROKER_EPOCH.</remarks>
    internal ControllerResult<BrokerHeartbeatResponse> Heartbeat(ControllerContext context, BrokerHeartbeatRequest request, long nextOffset)
    {
        if (cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch) is not ErrorCode.None and var error)
        {
            return ControllerResult<BrokerHeartbeatResponse>.Of(new BrokerHeartbeatResponse { ErrorCode = (short)error });
        }

        BrokerRegistration broker = state.Cluster.Broker(request.BrokerId)!;
        BrokerHeartbeatState session = heartbeats.Of(broker);
        session.LastContactMs = context.NowMs;
        session.Heard = true;
        bool caughtUp = request.CurrentMetadataOffset >= state.RegistrationOffset(broker.Id);
        BrokerState current = session.ShuttingDown ? BrokerState.ControlledShutdown : broker.Fenced ? BrokerState.Fenced : BrokerState.Unfenced;
        BrokerState next = Next(current, broker, session, request, caughtUp);
        var records = new List<MetadataRecord>();
        if (next != current)
        {
            switch (next)
            {
                case BrokerState.Fenced or BrokerState.ShutdownNow:
                    partitions.AddFenced(broker, records);
                    break;
                case BrokerState.Unfenced:
                    partitions.AddUnfenced(broker, records);
                    break;
                case BrokerState.ControlledShutdown:
                    partitions.AddControlledShutdown(broker, records);
                    break;
            }
        }

        session.MetadataOffset = request.CurrentMetadataOffset;
        if (next is BrokerState.Fenced or BrokerState.ShutdownNow) session.ControlledShutdownOffset = -1;
        if (state.MetadataVersion.SupportsDirectories) partitions.AddOfflineDirectories(broker, [.. request.OfflineLogDirs], records);
        if (state.MetadataVersion.SupportsCordonedDirectories && request.CordonedLogDirs is { } cordoned) AddCordoned(broker, cordoned, records);

        // The broker may go when everyone else has read the records that moved its leaderships away: they end here.
        if (next == BrokerState.ControlledShutdown && !session.ShuttingDown) session.ControlledShutdownOffset = nextOffset + records.Count - 1;
        return new ControllerResult<BrokerHeartbeatResponse>(
            records,
            new BrokerHeartbeatResponse
            {
                IsCaughtUp = caughtUp,
                IsFenced = next is BrokerState.Fenced or BrokerState.ShutdownNow,
                ShouldShutDown = next == BrokerState.ShutdownNow,
            },
            false);
    }

    private BrokerState Next(BrokerState current, BrokerRegistration broker, BrokerHeartbeatState session, BrokerHeartbeatRequest request, bool caughtUp)
    {
        switch (current)
        {
            case BrokerState.Fenced:
                if (request.WantShutDown) return BrokerState.ShutdownNow;
                return !request.WantFence && caughtUp ? BrokerState.Unfenced : BrokerState.Fenced;
            case BrokerState.Unfenced:
                if (request.WantFence) return request.WantShutDown ? BrokerState.ShutdownNow : BrokerState.Fenced;
                if (!request.WantShutDown) return BrokerState.Unfenced;
                return state.Index.Led(broker.Id).Count > 0 ? BrokerState.ControlledShutdown : BrokerState.ShutdownNow;
            default:
                bool mayGo = state.Index.Led(broker.Id).Count == 0 && session.ControlledShutdownOffset <= heartbeats.LowestActiveOffset(state.Cluster);
                return mayGo ? BrokerState.ShutdownNow : BrokerState.ControlledShutdown;
        }
    }

    private static void AddCordoned(BrokerRegistration broker, MessageArray<Uuid> cordoned, List<MetadataRecord> records)
    {
        var wanted = new SortedSet<Uuid>(cordoned);
        if (broker.CordonedDirectories is { } present && wanted.SetEquals(present)) return;
        records.Add(new MetadataRecord(
            new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, CordonedLogDirs = [.. cordoned] },
            3));
    }
}
