using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>The metadata quorum (DescribeQuorum).</summary>
/// <param name="LeaderId">The leading controller.</param>
/// <param name="LeaderEpoch">Its term.</param>
/// <param name="HighWatermark">The committed end of the metadata log.</param>
/// <param name="Voters">The controllers that vote.</param>
/// <param name="Observers">The nodes that follow.</param>
public sealed record QuorumDescription(int LeaderId, int LeaderEpoch, long HighWatermark, IReadOnlyList<QuorumReplica> Voters, IReadOnlyList<QuorumReplica> Observers);

/// <summary>A node of the metadata quorum.</summary>
/// <param name="Id">Its node id.</param>
/// <param name="DirectoryId">Its log directory's id; zero when unknown.</param>
/// <param name="LogEndOffset">How far it has read.</param>
/// <param name="LastFetchTimestampMs">When it last asked; -1 when unknown.</param>
/// <param name="LastCaughtUpTimestampMs">When it was last at the end; -1 when unknown.</param>
public sealed record QuorumReplica(int Id, Uuid DirectoryId, long LogEndOffset, long LastFetchTimestampMs, long LastCaughtUpTimestampMs)
{
    /// <summary>Where it listens for controllers; empty when unknown.</summary>
    public IReadOnlyList<VoterEndpoint> Endpoints { get; init; } = [];
}

/// <summary>A listener of a controller.</summary>
/// <param name="Listener">Its name.</param>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
public sealed record VoterEndpoint(string Listener, string Host, int Port)
{
    /// <summary>As Kafka writes it: <c>NAME://host:port</c>.</summary>
    public override string ToString() => $"{Listener}://{new HostAndPort(Host, Port)}";
}

/// <summary>The metadata quorum and its voters (KIP-853). See <see cref="AdminClient"/>.</summary>
public sealed class QuorumAdmin
{
    private readonly AdminRequests requests;

    internal QuorumAdmin(AdminRequests requests) => this.requests = requests;

    /// <summary>Who leads, who votes and how far everybody is (DescribeQuorum).</summary>
    /// <exception cref="KafkaException">There is no leader, or the broker does not tell.</exception>
    public async Task<QuorumDescription> DescribeAsync(CancellationToken cancellation = default)
    {
        DescribeQuorumResponse response = await requests.AnyAsync(
            "the metadata quorum",
            ApiKey.DescribeQuorum,
            _ => new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new() { PartitionIndex = 0 }] }] },
            static response => response.ErrorCode != 0 ? (ErrorCode)response.ErrorCode
                : response.Topics.Count == 1 && response.Topics[0].Partitions.Count == 1 ? (ErrorCode)response.Topics[0].Partitions[0].ErrorCode
                : ErrorCode.UnknownServerError,
            cancellation);
        DescribeQuorumResponse.PartitionData partition = response.Topics[0].Partitions[0];
        Dictionary<int, DescribeQuorumResponse.Node> nodes = response.Nodes.ToDictionary(static node => node.NodeId);
        return new QuorumDescription(partition.LeaderId, partition.LeaderEpoch, partition.HighWatermark, Read(partition.CurrentVoters, nodes), Read(partition.Observers, nodes));
    }

    /// <summary>Adds a voter (AddRaftVoter), which must run as an observer and have caught up.</summary>
    /// <param name="id">Its node id.</param>
    /// <param name="directory">The id of the directory that holds its metadata log.</param>
    /// <param name="endpoints">Its controller listeners.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">It is a voter already, has not caught up in time, or the quorum's voters are fixed.</exception>
    public async Task AddVoterAsync(int id, Uuid directory, IReadOnlyCollection<VoterEndpoint> endpoints, CancellationToken cancellation = default)
    {
        AddRaftVoterResponse response = await requests.AnyAsync(
            $"voter {id}",
            ApiKey.AddRaftVoter,
            _ => new AddRaftVoterRequest
            {
                ClusterId = null,
                TimeoutMs = requests.TimeoutMs,
                VoterId = id,
                VoterDirectoryId = directory,
                Listeners = [.. endpoints.Select(static each => new AddRaftVoterRequest.Listener { Name = each.Listener, Host = each.Host, Port = (ushort)each.Port })],
            },
            static response => AdminRequests.Retriable(response.ErrorCode),
            cancellation);
        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, $"voter {id}", response.ErrorMessage);
    }

    /// <summary>Removes a voter (RemoveRaftVoter).</summary>
    /// <param name="id">Its node id.</param>
    /// <param name="directory">The id of the directory that holds its metadata log.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">It is no voter, it is the last one, or the quorum's voters are fixed.</exception>
    public async Task RemoveVoterAsync(int id, Uuid directory, CancellationToken cancellation = default)
    {
        RemoveRaftVoterResponse response = await requests.AnyAsync(
            $"voter {id}",
            ApiKey.RemoveRaftVoter,
            _ => new RemoveRaftVoterRequest { ClusterId = null, VoterId = id, VoterDirectoryId = directory },
            static response => AdminRequests.Retriable(response.ErrorCode),
            cancellation);
        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, $"voter {id}", response.ErrorMessage);
    }

    private static List<QuorumReplica> Read(MessageArray<DescribeQuorumResponse.ReplicaState> replicas, Dictionary<int, DescribeQuorumResponse.Node> nodes) =>
    [
        .. replicas.Select(each => new QuorumReplica(each.ReplicaId, each.ReplicaDirectoryId, each.LogEndOffset, each.LastFetchTimestamp, each.LastCaughtUpTimestamp)
        {
            Endpoints = nodes.TryGetValue(each.ReplicaId, out DescribeQuorumResponse.Node? node)
                ? [.. node.Listeners.Select(static listener => new VoterEndpoint(listener.Name, listener.Host, listener.Port))]
                : [],
        }),
    ];
}
