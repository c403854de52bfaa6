using Moldau.Broker.Quorum.Snapshots;
using Moldau.Protocol;
using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>What a node's part in the metadata quorum is told.</summary>
public sealed record RaftNodeOptions
{
    /// <summary><c>node.id</c>.</summary>
    public required BrokerId NodeId { get; init; }

    /// <summary>The log directory that holds <c>__cluster_metadata-0</c> (<c>metadata.log.dir</c>, else the first of <c>log.dirs</c>).</summary>
    public required string MetadataDirectory { get; init; }

    /// <summary>That directory's id.</summary>
    public required Uuid DirectoryId { get; init; }

    /// <summary>This node's controller listeners as others should reach them; empty on a broker alone.</summary>
    public IReadOnlyList<VoterEndpoint> Endpoints { get; init; } = [];

    /// <summary><c>controller.quorum.voters</c>; empty where the voter set is in the log (kraft.version 1).</summary>
    public VoterSet ConfiguredVoters { get; init; } = VoterSet.Empty;

    /// <summary><c>controller.quorum.election.timeout.ms</c>.</summary>
    public int ElectionTimeoutMs { get; init; } = 1000;

    /// <summary><c>controller.quorum.fetch.timeout.ms</c>.</summary>
    public int FetchTimeoutMs { get; init; } = 2000;

    /// <summary><c>controller.quorum.election.backoff.max.ms</c>.</summary>
    public int ElectionBackoffMaxMs { get; init; } = 1000;

    /// <summary><c>controller.quorum.request.timeout.ms</c>.</summary>
    public int RequestTimeoutMs { get; init; } = 2000;

    /// <summary><c>controller.quorum.retry.backoff.ms</c>.</summary>
    public int RetryBackoffMs { get; init; } = 20;

    /// <summary><c>metadata.log.segment.bytes</c>.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary><c>metadata.log.segment.ms</c>.</summary>
    public long SegmentMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>metadata.max.retention.bytes</c> and <c>metadata.max.retention.ms</c>.</summary>
    public MetadataRetention Retention { get; init; } = new(100L * 1024 * 1024, 7L * 24 * 60 * 60 * 1000);

    /// <summary>Only ever planted by the simulation: what was appended counts as durable.</summary>
    internal bool CommitsBeforeSync { get; init; }

    internal string Folder => Path.Join(MetadataDirectory, RaftNode.Partition.ToString());

    internal RaftOptions Core => new()
    {
        Local = new ReplicaKey(NodeId, DirectoryId),
        LocalEndpoints = Endpoints,
        ElectionTimeoutMs = ElectionTimeoutMs,
        FetchTimeoutMs = FetchTimeoutMs,
        ElectionBackoffMaxMs = ElectionBackoffMaxMs,
        RequestTimeoutMs = RequestTimeoutMs,
        RetryBackoffMs = RetryBackoffMs,
    };
}
