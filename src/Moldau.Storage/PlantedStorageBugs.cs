namespace Moldau.Storage;

/// <summary>
/// Faults that the simulation plants to prove that its checks would notice them. All off; internal, so that no configuration reaches them.
/// </summary>
internal sealed record PlantedStorageBugs
{
    /// <summary>A flush counts as done before it is.</summary>
    public bool AcknowledgesBeforeSync { get; init; }

    /// <summary>Recovery leaves what is torn at the end of a log where it is.</summary>
    public bool SkipsTruncation { get; init; }

    /// <summary>A log that is opened knows no producers.</summary>
    public bool ForgetsProducers { get; init; }

    /// <summary>The cleaner swaps a segment in that is not on the disk yet.</summary>
    public bool SwapWithoutSync { get; init; }

    /// <summary>The cleaner drops tombstones before their time.</summary>
    public bool TombstoneDroppedEarly { get; init; }

    /// <summary>The cleaner writes an index entry for the offset before the right one.</summary>
    public bool IndexEntryOffByOne { get; init; }

    /// <summary>The cleaner drops the last batches of producers, and the snapshots that tell of them.</summary>
    public bool CleanerLosesProducerState { get; init; }

    /// <summary>The recovery point tells of what is not on the disk yet.</summary>
    public bool RecoveryPointBeforeData { get; init; }

    /// <summary>The checkpoint tells of a cleaning that has only begun.</summary>
    public bool CleanedOffsetBeforeData { get; init; }

    /// <summary>A log takes its place in another directory before it is on the disk there.</summary>
    public bool MoveWithoutSync { get; init; }

    /// <summary>A deletion of records is answered before it is on the disk.</summary>
    public bool ForgetsDeletedRecords { get; init; }

    /// <summary>The segment that a log's first offset lies in goes with those below it.</summary>
    public bool DropsSegmentInUse { get; init; }

    /// <summary>A flush that has failed counts as done, and the next one goes on.</summary>
    public bool RetriesFailedFlush { get; init; }
}
