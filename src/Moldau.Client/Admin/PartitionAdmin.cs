using Moldau.Client.Clusters;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Which offset of a partition is asked for: an end, or the first record at or after a time.</summary>
/// <param name="TimestampMs">Milliseconds since 1970, or one of Kafka's negative marks.</param>
public readonly record struct OffsetSpec(long TimestampMs)
{
    /// <summary>The end of the log, or the last stable offset with read_committed.</summary>
    public static readonly OffsetSpec Latest = new(-1);

    /// <summary>The first offset that is still there.</summary>
    public static readonly OffsetSpec Earliest = new(-2);

    /// <summary>The record with the largest timestamp (KIP-734).</summary>
    public static readonly OffsetSpec MaxTimestamp = new(-3);

    /// <summary>The first record at or after a time.</summary>
    public static OffsetSpec At(DateTimeOffset time) => new(Math.Max(0, time.ToUnixTimeMilliseconds()));
}

/// <summary>What a consumer may see of transactions; the numbers are Kafka's.</summary>
public enum IsolationLevel : sbyte
{
    /// <summary>Everything up to the high watermark.</summary>
    ReadUncommitted = 0,

    /// <summary>What is not part of a transaction or was committed, up to the first open transaction.</summary>
    ReadCommitted = 1,
}

/// <summary>The offset that was asked for.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset; -1 when no record is that new, or on an error.</param>
/// <param name="TimestampMs">The record's timestamp; -1 when an end was asked for.</param>
/// <param name="LeaderEpoch">The record's leader epoch; -1 when unknown.</param>
/// <param name="Error"><see cref="ErrorCode.None"/>, or why there is none.</param>
public sealed record ListedOffset(TopicPartition Partition, long Offset, long TimestampMs, int LeaderEpoch, ErrorCode Error);

/// <summary>What a partition knows of a producer.</summary>
/// <param name="ProducerId">Its id.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="LastSequence">The last sequence number.</param>
/// <param name="LastTimestampMs">The last record's timestamp.</param>
/// <param name="CoordinatorEpoch">The epoch of the transaction coordinator; -1 without transactions.</param>
/// <param name="TransactionStart">Where its open transaction begins; -1 when none is open.</param>
public sealed record ActiveProducer(long ProducerId, int Epoch, int LastSequence, long LastTimestampMs, int CoordinatorEpoch, long TransactionStart);

/// <summary>Partitions: offsets by time, producers, deletion of records. See <see cref="AdminClient"/>.</summary>
public sealed class PartitionAdmin
{
    private readonly LeaderRequests leaders;
    private readonly Cluster cluster;

    internal PartitionAdmin(Cluster cluster)
    {
        this.cluster = cluster;
        leaders = new LeaderRequests(cluster);
    }

    /// <summary>Looks offsets up (ListOffsets), each at its partition's leader.</summary>
    public async Task<IReadOnlyList<ListedOffset>> ListOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetSpec> partitions, IsolationLevel isolation = IsolationLevel.ReadUncommitted, CancellationToken cancellation = default) =>
        await OffsetLookup.RunAsync(leaders, partitions, isolation, cluster.Options.OperationTimeout, cancellation);

    /// <summary>The same offset of several partitions.</summary>
    public Task<IReadOnlyList<ListedOffset>> ListOffsetsAsync(
        IEnumerable<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation = IsolationLevel.ReadUncommitted, CancellationToken cancellation = default) =>
        ListOffsetsAsync(partitions.ToDictionary(static partition => partition, _ => spec), isolation, cancellation);

    /// <summary>The producers that a partition remembers (DescribeProducers).</summary>
    /// <exception cref="KafkaException">The partition does not exist or has no leader.</exception>
    public async Task<IReadOnlyList<ActiveProducer>> DescribeProducersAsync(TopicPartition partition, CancellationToken cancellation = default)
    {
        List<ActiveProducer> found = [];
        Dictionary<TopicPartition, ErrorCode> errors = await leaders.RunAsync(
            [partition],
            "producers",
            cluster.Options.OperationTimeout,
            async (connection, asked, token) =>
            {
                var request = new DescribeProducersRequest();
                DescribeProducersRequest.TopicRequest topic = request.Topics.Add();
                topic.Name = partition.Topic;
                topic.PartitionIndexes.Add(partition.Partition);
                DescribeProducersResponse response = await connection.SendAsync(request, cancellation: token);
                DescribeProducersResponse.PartitionResponse result = response.Topics[0].Partitions[0];
                found = [.. result.ActiveProducers.Select(each =>
                    new ActiveProducer(each.ProducerId, each.ProducerEpoch, each.LastSequence, each.LastTimestamp, each.CoordinatorEpoch, each.CurrentTxnStartOffset))];
                return [(partition, (ErrorCode)result.ErrorCode)];
            },
            cancellation);
        return errors[partition] == ErrorCode.None ? found : throw KafkaException.Of(errors[partition], $"producers of {partition}");
    }

    /// <summary>Deletes the records before an offset (DeleteRecords); -1 stands for the high watermark.</summary>
    /// <returns>Where each log begins now, or the error.</returns>
    public async Task<IReadOnlyList<ListedOffset>> DeleteRecordsAsync(IReadOnlyDictionary<TopicPartition, long> before, CancellationToken cancellation = default)
    {
        Dictionary<TopicPartition, long> starts = [];
        Dictionary<TopicPartition, ErrorCode> errors = await leaders.RunAsync(
            [.. before.Keys],
            "delete records",
            cluster.Options.OperationTimeout,
            async (connection, asked, token) =>
            {
                var request = new DeleteRecordsRequest { TimeoutMs = (int)cluster.Options.RequestTimeout.TotalMilliseconds };
                foreach (IGrouping<string, TopicPartition> group in asked.GroupBy(static partition => partition.Topic))
                {
                    DeleteRecordsRequest.DeleteRecordsTopic topic = request.Topics.Add();
                    topic.Name = group.Key;
                    foreach (TopicPartition partition in group)
                    {
                        DeleteRecordsRequest.DeleteRecordsPartition entry = topic.Partitions.Add();
                        entry.PartitionIndex = partition.Partition;
                        entry.Offset = before[partition];
                    }
                }

                DeleteRecordsResponse response = await connection.SendAsync(request, cancellation: token);
                List<(TopicPartition, ErrorCode)> results = [];
                foreach (DeleteRecordsResponse.DeleteRecordsTopicResult topic in response.Topics)
                {
                    foreach (DeleteRecordsResponse.DeleteRecordsPartitionResult partition in topic.Partitions)
                    {
                        var at = new TopicPartition(topic.Name, partition.PartitionIndex);
                        starts[at] = partition.LowWatermark;
                        results.Add((at, (ErrorCode)partition.ErrorCode));
                    }
                }

                return results;
            },
            cancellation);
        return [.. errors.Select(each => new ListedOffset(each.Key, each.Value == ErrorCode.None ? starts[each.Key] : -1, -1, -1, each.Value))];
    }
}
