using Moldau.Metadata.Image;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>What a tick did.</summary>
public enum PeriodicTask
{
    /// <summary>Nothing was due.</summary>
    None,

    /// <summary>Fenced a broker whose session ended.</summary>
    FenceStaleBroker,

    /// <summary>Elected leaders that are not in sync, where topics allow it.</summary>
    ElectUncleanLeaders,

    /// <summary>Gave leadership back to preferred replicas.</summary>
    RebalanceLeaders,

    /// <summary>Wrote a NoOpRecord (KIP-835).</summary>
    NoOp,
}

/// <summary>What an active controller does by the clock. A tick does the first task that is due, so that the next one sees its effect.</summary>
internal sealed class PeriodicTasks(ControllerOptions options, ControllerState state, BrokerHeartbeats heartbeats, PartitionControl partitions, ElectionControl elections)
{
    private long nextUncleanMs, nextRebalanceMs, nextNoOpMs;

    internal void Start(long nowMs)
    {
        nextUncleanMs = nowMs + options.UncleanLeaderElectionIntervalMs;
        nextRebalanceMs = nowMs + options.LeaderImbalanceCheckIntervalMs;
        nextNoOpMs = nowMs + options.MaxIdleIntervalMs;
    }

    internal long NextDeadlineMs
    {
        get
        {
            long next = Math.Min(nextUncleanMs, heartbeats.NextExpiryMs(state.Cluster) ?? long.MaxValue);
            if (options.AutoLeaderRebalance) next = Math.Min(next, nextRebalanceMs);
            if (options.MaxIdleIntervalMs > 0) next = Math.Min(next, nextNoOpMs);
            return next;
        }
    }

    internal ControllerResult<PeriodicTask> Tick(long nowMs)
    {
        if (heartbeats.FindStale(state.Cluster, nowMs) is { } stale)
        {
            var records = new List<MetadataRecord>();
            partitions.AddFenced(stale, records);
            return new ControllerResult<PeriodicTask>(records, PeriodicTask.FenceStaleBroker, false);
        }

        if (nowMs >= nextUncleanMs)
        {
            IReadOnlyList<MetadataRecord> records = elections.ElectUncleanLeaders();
            nextUncleanMs = records.Count >= Limits.ElectionsPerTick ? nowMs : nowMs + options.UncleanLeaderElectionIntervalMs;
            if (records.Count > 0) return new ControllerResult<PeriodicTask>(records, PeriodicTask.ElectUncleanLeaders, false);
        }

        if (options.AutoLeaderRebalance && nowMs >= nextRebalanceMs)
        {
            IReadOnlyList<MetadataRecord> records = elections.Rebalance();
            nextRebalanceMs = records.Count >= Limits.ElectionsPerTick ? nowMs : nowMs + options.LeaderImbalanceCheckIntervalMs;
            if (records.Count > 0) return new ControllerResult<PeriodicTask>(records, PeriodicTask.RebalanceLeaders, false);
        }

        if (options.MaxIdleIntervalMs > 0 && nowMs >= nextNoOpMs)
        {
            nextNoOpMs = nowMs + options.MaxIdleIntervalMs;
            return new ControllerResult<PeriodicTask>([new MetadataRecord(new NoOpRecord(), 0)], PeriodicTask.NoOp, false);
        }

        return ControllerResult<PeriodicTask>.Of(PeriodicTask.None);
    }
}
