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

/// <summary>The cluster: brokers, what they speak, log directories. See <see cref="AdminClient"/>.</summary>
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

    /// <summary>Takes a broker that will not come back out of the cluster (UnregisterBroker).</summary>
    /// <exception cref="KafkaException">It is not registered.</exception>
    public async Task UnregisterBrokerAsync(int broker, CancellationToken cancellation = default)
    {
        UnregisterBrokerResponse response = await requests.AnyAsync(
            $"broker {broker}", ApiKey.UnregisterBroker, _ => new UnregisterBrokerRequest { BrokerId = broker }, static response => AdminRequests.Retriable(response.ErrorCode), cancellation);
        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, $"broker {broker}", response.ErrorMessage);
    }

    /// <summary>Takes a controller that will not come back out of the cluster (UnregisterController).</summary>
    /// <exception cref="KafkaException">It is not registered.</exception>
    public async Task UnregisterControllerAsync(int controller, CancellationToken cancellation = default)
    {
        UnregisterControllerResponse response = await requests.AnyAsync(
            $"controller {controller}",
            ApiKey.UnregisterController,
            _ => new UnregisterControllerRequest { ControllerId = controller },
            static response => AdminRequests.Retriable(response.ErrorCode),
            cancellation);
        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, $"controller {controller}", response.ErrorMessage);
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
}
