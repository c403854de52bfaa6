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
}
