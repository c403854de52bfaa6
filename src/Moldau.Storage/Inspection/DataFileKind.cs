using Moldau.Storage.Checkpoints;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Inspection;

/// <summary>What a file in a log directory holds.</summary>
public enum DataFileKind
{
    /// <summary>Nothing that is known: left alone.</summary>
    Unknown,

    /// <summary>Record batches of a log.</summary>
    Segment,

    /// <summary><c>.index</c>.</summary>
    OffsetIndex,

    /// <summary><c>.timeindex</c>.</summary>
    TimeIndex,

    /// <summary><c>.txnindex</c>.</summary>
    TransactionIndex,

    /// <summary>A log's producers: <c>.snapshot</c>.</summary>
    ProducerSnapshot,

    /// <summary>A snapshot of the cluster's metadata: <c>.checkpoint</c>.</summary>
    MetadataSnapshot,

    /// <summary>One of a log directory's offset checkpoints.</summary>
    OffsetCheckpoint,

    /// <summary><c>leader-epoch-checkpoint</c>.</summary>
    LeaderEpochs,

    /// <summary><c>partition.metadata</c>.</summary>
    PartitionMetadata,

    /// <summary><c>meta.properties</c>.</summary>
    MetaProperties,

    /// <summary><c>quorum-state</c>.</summary>
    QuorumState,

    /// <summary><c>.kafka_cleanshutdown</c>.</summary>
    CleanShutdown,

    /// <summary><c>.lock</c>.</summary>
    Lock,
}

/// <summary>Kafka's names of the files in a log directory.</summary>
public static class DataFiles
{
    /// <summary>The file that a running node holds a lock on.</summary>
    public const string Lock = ".lock";

    /// <summary>The state of the metadata quorum, in the metadata log's folder.</summary>
    public const string QuorumState = "quorum-state";

    /// <summary>What a metadata snapshot's name ends in.</summary>
    public const string MetadataSnapshot = ".checkpoint";

    private static readonly string[] Leftovers = [SegmentNames.Deleted, SegmentNames.Cleaned, SegmentNames.Swap, ".part", ".tmp"];

    /// <summary>What a file holds, by its name: files that wait for their removal or replacement are what they were.</summary>
    public static DataFileKind KindOf(string name)
    {
        string plain = WithoutLeftover(name);
        return plain switch
        {
            Lock => DataFileKind.Lock,
            QuorumState => DataFileKind.QuorumState,
            Moldau.Storage.MetaProperties.FileName => DataFileKind.MetaProperties,
            CleanShutdownFile.Name => DataFileKind.CleanShutdown,
            PartitionMetadataFile.Name => DataFileKind.PartitionMetadata,
            LeaderEpochCheckpointFile.Name => DataFileKind.LeaderEpochs,
            OffsetCheckpointFile.RecoveryPoint or OffsetCheckpointFile.HighWatermark or OffsetCheckpointFile.LogStart or OffsetCheckpointFile.Cleaner => DataFileKind.OffsetCheckpoint,
            _ when SegmentNames.TryParse(plain, out _, out ReadOnlySpan<char> suffix) => OfSuffix(suffix),
            _ => DataFileKind.Unknown,
        };
    }

    /// <summary>The suffix of a file that is on its way out or in: <c>.deleted</c>, <c>.cleaned</c>, <c>.swap</c>, <c>.part</c>, <c>.tmp</c>; null for others.</summary>
    public static string? LeftoverSuffix(string name) => Array.Find(Leftovers, suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>The offset that a file is named for; null where the name has none.</summary>
    public static long? BaseOffset(string name) => SegmentNames.TryParse(name, out long offset, out _) ? offset : null;

    /// <summary>The topic of a partition's folder, also when its log waits for removal; null for other folders.</summary>
    public static string? TopicOf(string folder)
    {
        // TOPIC-0 or TOPIC-0.UNIQUE-delete, -stray, -future.
        if (folder.LastIndexOf('.') is > 0 and int dot && folder.AsSpan(dot).IndexOf('-') > 0) folder = folder[..dot];
        return Directories.FolderNames.TryParse(folder, out Protocol.TopicPartition partition) ? partition.Topic : null;
    }

    private static string WithoutLeftover(string name) => LeftoverSuffix(name) is { } suffix ? name[..^suffix.Length] : name;

    private static DataFileKind OfSuffix(ReadOnlySpan<char> suffix) => suffix switch
    {
        SegmentNames.Log => DataFileKind.Segment,
        SegmentNames.OffsetIndex => DataFileKind.OffsetIndex,
        SegmentNames.TimeIndex => DataFileKind.TimeIndex,
        SegmentNames.TransactionIndex => DataFileKind.TransactionIndex,
        SegmentNames.Snapshot => DataFileKind.ProducerSnapshot,
        _ when suffix.EndsWith(MetadataSnapshot, StringComparison.Ordinal) => DataFileKind.MetadataSnapshot,
        _ => DataFileKind.Unknown,
    };
}
