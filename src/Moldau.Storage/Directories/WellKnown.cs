using Moldau.Protocol;

namespace Moldau.Storage.Directories;

/// <summary>Partitions that the log store treats by name.</summary>
internal static class WellKnown
{
    /// <summary>The metadata quorum's log. Kafka keeps it out of the offset checkpoints: it is read whole after a crash, and snapshots keep it short.</summary>
    public static readonly TopicPartition ClusterMetadata = new("__cluster_metadata", 0);
}
