using Moldau.Storage;

namespace Moldau.Broker;

/// <summary>
/// Faults that the simulation plants to prove that its checks would notice them. All off; internal, so that no configuration reaches them.
/// </summary>
internal sealed record PlantedNodeBugs
{
    /// <summary>Plants faults in the logs.</summary>
    public Func<LogStoreOptions, LogStoreOptions> InStore { get; init; } = static options => options;

    /// <summary>A group coordinator that loads a partition leaves out its last record.</summary>
    public bool LosesLastGroupRecord { get; init; }

    /// <summary>Snapshots of the metadata leave configurations out.</summary>
    public bool SnapshotsWithoutConfigs { get; init; }

    /// <summary>What the controller writes counts as durable when it is appended.</summary>
    public bool CommitsMetadataBeforeSync { get; init; }

    /// <summary>A log that is found is used, whatever topic it was made for.</summary>
    public bool KeepsLogsOfDeletedTopics { get; init; }
}
