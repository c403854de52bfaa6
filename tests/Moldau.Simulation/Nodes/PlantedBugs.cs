using Moldau.Broker;
using Moldau.Storage;

namespace Moldau.Simulation.Nodes;

/// <summary>What is broken in a node on purpose, to see that the checks find it.</summary>
internal sealed record PlantedBugs(PlantedNodeBugs InNode)
{
    /// <summary>Nothing.</summary>
    public static PlantedBugs None { get; } = new(new PlantedNodeBugs());

    /// <summary>A record is acknowledged before it is on the disk.</summary>
    public static PlantedBugs AcknowledgeBeforeSync { get; } = InStorage(new PlantedStorageBugs { AcknowledgesBeforeSync = true });

    /// <summary>What a power cut has torn stays at the end of the log.</summary>
    public static PlantedBugs SkipTruncation { get; } = InStorage(new PlantedStorageBugs { SkipsTruncation = true });

    /// <summary>A restart makes partitions forget how far their producers have come.</summary>
    public static PlantedBugs ForgetSequences { get; } = InStorage(new PlantedStorageBugs { ForgetsProducers = true });

    /// <summary>A restart loses the last committed offset of a group.</summary>
    public static PlantedBugs LoseGroupOffset { get; } = new(new PlantedNodeBugs { LosesLastGroupRecord = true });

    /// <summary>The cleaner swaps a segment in that is not on the disk yet.</summary>
    public static PlantedBugs SwapWithoutSync { get; } = InStorage(new PlantedStorageBugs { SwapWithoutSync = true });

    /// <summary>The cleaner drops tombstones before their time.</summary>
    public static PlantedBugs TombstoneDroppedEarly { get; } = InStorage(new PlantedStorageBugs { TombstoneDroppedEarly = true });

    /// <summary>The cleaner writes index entries that are off by one.</summary>
    public static PlantedBugs IndexEntryOffByOne { get; } = InStorage(new PlantedStorageBugs { IndexEntryOffByOne = true });

    /// <summary>The cleaner loses how far producers have come.</summary>
    public static PlantedBugs CleanerLosesProducerState { get; } = InStorage(new PlantedStorageBugs { CleanerLosesProducerState = true });

    /// <summary>The recovery point tells of what is not on the disk yet.</summary>
    public static PlantedBugs RecoveryPointBeforeData { get; } = InStorage(new PlantedStorageBugs { RecoveryPointBeforeData = true });

    /// <summary>The cleaner notes how far it has come before it has.</summary>
    public static PlantedBugs CleanedOffsetBeforeData { get; } = InStorage(new PlantedStorageBugs { CleanedOffsetBeforeData = true });

    /// <summary>A log is moved to another directory before it is on the disk there.</summary>
    public static PlantedBugs MoveWithoutSync { get; } = InStorage(new PlantedStorageBugs { MoveWithoutSync = true });

    /// <summary>A deletion of records is answered before it is on the disk.</summary>
    public static PlantedBugs ForgetDeletedRecords { get; } = InStorage(new PlantedStorageBugs { ForgetsDeletedRecords = true });

    /// <summary>The segment that a log's first offset lies in goes with those below it.</summary>
    public static PlantedBugs DropSegmentInUse { get; } = InStorage(new PlantedStorageBugs { DropsSegmentInUse = true });

    /// <summary>A flush that has failed counts as done.</summary>
    public static PlantedBugs RetryFailedFlush { get; } = InStorage(new PlantedStorageBugs { RetriesFailedFlush = true });

    /// <summary>What the controller writes counts as durable when it is appended.</summary>
    public static PlantedBugs CommitMetadataBeforeSync { get; } = new(new PlantedNodeBugs { CommitsMetadataBeforeSync = true });

    /// <summary>Snapshots of the metadata leave configurations out.</summary>
    public static PlantedBugs SnapshotWithoutConfigs { get; } = new(new PlantedNodeBugs { SnapshotsWithoutConfigs = true });

    /// <summary>A log that is found is used, whatever topic it was made for.</summary>
    public static PlantedBugs KeepLogOfDeletedTopic { get; } = new(new PlantedNodeBugs { KeepsLogsOfDeletedTopics = true });

    /// <summary>The options of a node that has them.</summary>
    public NodeOptions In(NodeOptions options) => options with { Planted = InNode };

    private static PlantedBugs InStorage(PlantedStorageBugs bugs) => new(new PlantedNodeBugs { InStore = options => options with { Planted = bugs } });
}
