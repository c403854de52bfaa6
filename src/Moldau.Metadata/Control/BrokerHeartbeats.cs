using Moldau.Metadata.Image;

namespace Moldau.Metadata.Control;

/// <summary>What the active controller remembers of a broker between heartbeats. Not replicated: a new controller starts over.</summary>
internal sealed class BrokerHeartbeatState
{
    /// <summary>When it was last heard of; null when this controller has not heard of it and it was fenced.</summary>
    internal long? LastContactMs { get; set; }

    /// <summary>Whether a heartbeat came, as opposed to the grace that a new controller gives.</summary>
    internal bool Heard { get; set; }

    /// <summary>How far it has read the metadata log; -1: unknown.</summary>
    internal long MetadataOffset { get; set; } = -1;

    /// <summary>It may go once every active broker has read up to here; -1: it is not shutting down.</summary>
    internal long ControlledShutdownOffset { get; set; } = -1;

    internal bool ShuttingDown => ControlledShutdownOffset >= 0;
}

/// <summary>Sessions of brokers, by id and epoch, while this controller is active.</summary>
internal sealed class BrokerHeartbeats(long sessionTimeoutMs)
{
    private readonly SortedDictionary<int, (long Epoch, BrokerHeartbeatState State)> brokers = [];

    /// <summary>Starts over: every broker that is not fenced gets a full session from now.</summary>
    internal void Activate(ClusterImage cluster, long nowMs)
    {
        brokers.Clear();
        foreach (BrokerRegistration broker in cluster.Brokers.Values)
        {
            brokers[broker.Id] = (broker.Epoch, new BrokerHeartbeatState { LastContactMs = broker.Fenced ? null : nowMs });
        }
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear() => brokers.Clear();

    /// <summary>The state of a registered broker; new when its registration is.</summary>
    internal BrokerHeartbeatState Of(BrokerRegistration broker)
    {
        if (brokers.TryGetValue(broker.Id, out var known) && known.Epoch == broker.Epoch) return known.State;
        var state = new BrokerHeartbeatState();
        brokers[broker.Id] = (broker.Epoch, state);
        return state;
    }

    /// <summary>The broker is gone.</summary>
    internal void Remove(int broker) => brokers.Remove(broker);

    /// <summary>Whether the broker was heard of within the session timeout.</summary>
    internal bool HasValidSession(BrokerRegistration broker, long nowMs) =>
        brokers.TryGetValue(broker.Id, out var known) && known.Epoch == broker.Epoch && known.State.LastContactMs is { } last && last + sessionTimeoutMs >= nowMs;

    /// <summary>Whether the broker sent a heartbeat to this controller, at its present epoch.</summary>
    internal bool WasHeard(BrokerRegistration broker) => brokers.TryGetValue(broker.Id, out var known) && known.Epoch == broker.Epoch && known.State.Heard;

    /// <summary>The first broker, by id, that is not fenced and whose session has ended; null when there is none.</summary>
    internal BrokerRegistration? FindStale(ClusterImage cluster, long nowMs)
    {
        foreach (BrokerRegistration broker in cluster.Brokers.Values)
        {
            if (!broker.Fenced && !HasValidSession(broker, nowMs)) return broker;
        }

        return null;
    }

    /// <summary>When the next session ends unless a heartbeat comes; null when no broker is unfenced.</summary>
    internal long? NextExpiryMs(ClusterImage cluster)
    {
        long? next = null;
        foreach (BrokerRegistration broker in cluster.Brokers.Values)
        {
            if (broker.Fenced) continue;
            // A session that holds at its last millisecond ends at the one after.
            long expiry = brokers.TryGetValue(broker.Id, out var known) && known.Epoch == broker.Epoch && known.State.LastContactMs is { } last ? last + sessionTimeoutMs + 1 : long.MinValue;
            if (next is null || expiry < next) next = expiry;
        }

        return next;
    }

    /// <summary>How far the slowest broker has read that serves and is not going; the largest number when there is none.</summary>
    internal long LowestActiveOffset(ClusterImage cluster)
    {
        long lowest = long.MaxValue;
        foreach ((int id, (_, BrokerHeartbeatState state)) in brokers)
        {
            if (cluster.Broker(id) is { Fenced: false } && !state.ShuttingDown && state.MetadataOffset < lowest) lowest = state.MetadataOffset;
        }

        return lowest;
    }

    /// <summary>Whether replicas may be placed on a broker as far as its shutdown goes.</summary>
    internal bool IsUsable(BrokerRegistration broker) => !Of(broker).ShuttingDown;
}
