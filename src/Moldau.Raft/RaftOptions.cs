using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>What a replica of the metadata log is told of itself and of time. Immutable.</summary>
public sealed record RaftOptions
{
    /// <summary>This node and its metadata log directory.</summary>
    public required ReplicaKey Local { get; init; }

    /// <summary>This node's controller listeners, as other voters should reach them; empty on an observer.</summary>
    public IReadOnlyList<VoterEndpoint> LocalEndpoints { get; init; } = [];

    /// <summary><c>controller.quorum.election.timeout.ms</c>: how long without a leader before an election; the real wait is up to twice as long, at random.</summary>
    public int ElectionTimeoutMs { get; init; } = 1000;

    /// <summary><c>controller.quorum.fetch.timeout.ms</c>: how long without an answered fetch before a follower doubts its leader.</summary>
    public int FetchTimeoutMs { get; init; } = 2000;

    /// <summary><c>controller.quorum.election.backoff.max.ms</c>: longest pause after a lost election.</summary>
    public int ElectionBackoffMaxMs { get; init; } = 1000;

    /// <summary><c>controller.quorum.request.timeout.ms</c>: how long an answer may take.</summary>
    public int RequestTimeoutMs { get; init; } = 2000;

    /// <summary><c>controller.quorum.retry.backoff.ms</c>: pause after a failed request to a node.</summary>
    public int RetryBackoffMs { get; init; } = 20;

    /// <summary>How long a fetch waits at the leader for records (Kafka: fixed).</summary>
    public int FetchMaxWaitMs { get; init; } = 500;

    /// <summary>Highest kraft.version this program supports.</summary>
    public short MaxKRaftVersion { get; init; } = 1;

    /// <summary>The local voter as a voter set describes it.</summary>
    internal VoterNode LocalVoter => new(Local, LocalEndpoints, 0, MaxKRaftVersion);
}
