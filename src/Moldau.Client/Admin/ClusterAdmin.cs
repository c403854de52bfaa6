using Moldau.Client.Clusters;
using Moldau.Client.Connections;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>A cluster as it describes itself.</summary>
/// <param name="ClusterId">Its id.</param>
/// <param name="ControllerId">The broker that admin requests go to; -1 when there is none.</param>
/// <param name="Brokers">The brokers that are alive.</param>
public sealed record ClusterDescription(string ClusterId, int ControllerId, IReadOnlyList<BrokerEndpoint> Brokers);

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
public sealed record QuorumReplica(int Id, Uuid DirectoryId, long LogEndOffset, long LastFetchTimestampMs, long LastCaughtUpTimestampMs);

/// <summary>A log directory of a broker (DescribeLogDirs).</summary>
/// <param name="Path">Its path on the broker.</param>
/// <param name="Error"><see cref="ErrorCode.None"/>, or what is wrong with it.</param>
/// <param name="TotalBytes">The file system's size; -1 when unknown.</param>
/// <param name="UsableBytes">What is free of it; -1 when unknown.</param>
/// <param name="Replicas">The replicas in it.</param>
public sealed record LogDirDescription(string Path, ErrorCode Error, long TotalBytes, long UsableBytes, IReadOnlyList<LogDirReplica> Replicas);

/// <summary>A replica in a log directory.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Bytes">Its log's size.</param>
/// <param name="OffsetLag">How far it is behind.</param>
/// <param name="IsFuture">Whether it is being moved here.</param>
public sealed record LogDirReplica(TopicPartition Partition, long Bytes, long OffsetLag, bool IsFuture);

/// <summary>The cluster: brokers, features, quorum, log directories. See <see cref="AdminClient"/>.</summary>
public sealed class ClusterAdmin
{
    private readonly Cluster cluster;
    private readonly AdminRequests requests;

    internal ClusterAdmin(Cluster cluster, AdminRequests requests)
    {
        this.cluster = cluster;
        this.requests = requests;
    }

    /// <summary>The cluster's id and brokers (DescribeCluster).</summary>
    public async Task<ClusterDescription> DescribeAsync(CancellationToken cancellation = default)
    {
        DescribeClusterResponse response = await requests.AnyAsync(
            "the cluster", ApiKey.DescribeCluster, _ => new DescribeClusterRequest(), static response => (ErrorCode)response.ErrorCode, cancellation);
        List<BrokerEndpoint> brokers = [.. response.Brokers.Select(broker => new BrokerEndpoint(broker.BrokerId, broker.Host, broker.Port, broker.Rack))];
        brokers.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return new ClusterDescription(response.ClusterId, response.ControllerId, brokers);
    }

    /// <summary>What a broker speaks and which features the cluster has (ApiVersions).</summary>
    /// <param name="broker">Its id; null: any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public Task<ApiVersionSet> VersionsAsync(int? broker = null, CancellationToken cancellation = default) =>
        cluster.Retries.RunAsync("what a broker speaks", cluster.Options.OperationTimeout, async token =>
        {
            KafkaConnection connection = broker is { } id ? await cluster.BrokerAsync(id, token) : await cluster.AnyAsync(token);
            return connection.Versions;
        }, cancellation);

    /// <summary>The metadata quorum (DescribeQuorum).</summary>
    /// <exception cref="KafkaException">There is no leader, or the broker does not tell.</exception>
    public async Task<QuorumDescription> DescribeQuorumAsync(CancellationToken cancellation = default)
    {
        DescribeQuorumResponse response = await requests.AnyAsync(
            "the metadata quorum",
            ApiKey.DescribeQuorum,
            _ =>
            {
                var request = new DescribeQuorumRequest();
                DescribeQuorumRequest.TopicData topic = request.Topics.Add();
                topic.TopicName = "__cluster_metadata";
                topic.Partitions.Add().PartitionIndex = 0;
                return request;
            },
            static response => response.ErrorCode != 0 ? (ErrorCode)response.ErrorCode
                : response.Topics.Count == 1 && response.Topics[0].Partitions.Count == 1 ? (ErrorCode)response.Topics[0].Partitions[0].ErrorCode
                : ErrorCode.UnknownServerError,
            cancellation);
        DescribeQuorumResponse.PartitionData partition = response.Topics[0].Partitions[0];
        return new QuorumDescription(partition.LeaderId, partition.LeaderEpoch, partition.HighWatermark, Read(partition.CurrentVoters), Read(partition.Observers));
    }

    /// <summary>The log directories of a broker (DescribeLogDirs).</summary>
    public async Task<IReadOnlyList<LogDirDescription>> DescribeLogDirsAsync(int broker, CancellationToken cancellation = default)
    {
        DescribeLogDirsResponse response = await requests.BrokerAsync(
            $"log directories of broker {broker}",
            broker,
            ApiKey.DescribeLogDirs,
            _ => new DescribeLogDirsRequest { Topics = null },
            static response => (ErrorCode)response.ErrorCode,
            cancellation);
        return [.. response.Results.Select(static directory => new LogDirDescription(
            directory.LogDir,
            (ErrorCode)directory.ErrorCode,
            directory.TotalBytes,
            directory.UsableBytes,
            [.. from topic in directory.Topics
                from partition in topic.Partitions
                select new LogDirReplica(new TopicPartition(topic.Name, partition.PartitionIndex), partition.PartitionSize, partition.OffsetLag, partition.IsFutureKey)]))];
    }

    private static List<QuorumReplica> Read(MessageArray<DescribeQuorumResponse.ReplicaState> replicas) =>
        [.. replicas.Select(each => new QuorumReplica(each.ReplicaId, each.ReplicaDirectoryId, each.LogEndOffset, each.LastFetchTimestamp, each.LastCaughtUpTimestamp))];
}
