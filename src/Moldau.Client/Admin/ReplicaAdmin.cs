using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Which leader is to be elected; the numbers are Kafka's.</summary>
public enum ElectionType : sbyte
{
    /// <summary>The first of a partition's replicas, if it is in sync.</summary>
    Preferred = 0,

    /// <summary>Any replica that lives, where there is no leader: records may be lost.</summary>
    Unclean = 1,
}

/// <summary>What came of an election or a reassignment.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Error"><see cref="ErrorCode.None"/> when it was done.</param>
/// <param name="Message">What the broker says in words, if anything.</param>
public sealed record PartitionResult(TopicPartition Partition, ErrorCode Error, string? Message);

/// <summary>A move of a partition that is under way.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Replicas">All its replicas for now.</param>
/// <param name="Adding">Those that are being added.</param>
/// <param name="Removing">Those that leave when the others are in sync.</param>
public sealed record PartitionReassignment(TopicPartition Partition, IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing);

/// <summary>Replicas: leaders, and the brokers that partitions are on. See <see cref="AdminClient"/>.</summary>
public sealed class ReplicaAdmin
{
    private readonly AdminRequests requests;

    internal ReplicaAdmin(AdminRequests requests) => this.requests = requests;

    /// <summary>Elects leaders (ElectLeaders). Of all partitions only those are in the result that needed an election.</summary>
    /// <param name="type">Which leader.</param>
    /// <param name="partitions">For which; null: all.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">Nothing could be done.</exception>
    public async Task<IReadOnlyList<PartitionResult>> ElectLeadersAsync(ElectionType type, IReadOnlyCollection<TopicPartition>? partitions = null, CancellationToken cancellation = default)
    {
        ElectLeadersResponse response = await requests.AnyAsync(
            "leader election", ApiKey.ElectLeaders, _ => ElectionRequest(type, partitions), static response => (ErrorCode)response.ErrorCode, cancellation);
        return [.. from topic in response.ReplicaElectionResults
            from partition in topic.PartitionResult
            select new PartitionResult(new TopicPartition(topic.Topic, partition.PartitionId), (ErrorCode)partition.ErrorCode, partition.ErrorMessage)];
    }

    /// <summary>Moves partitions to other brokers (AlterPartitionReassignments); the moves go on after the answer.</summary>
    /// <param name="targets">The brokers that each partition shall be on, the preferred leader first; null cancels its move.</param>
    /// <param name="mayChangeFactor">Whether the number of replicas may change.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">Nothing could be done.</exception>
    public async Task<IReadOnlyList<PartitionResult>> ReassignAsync(
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>?> targets, bool mayChangeFactor = true, CancellationToken cancellation = default)
    {
        AlterPartitionReassignmentsResponse response = await requests.AnyAsync(
            "reassignment",
            ApiKey.AlterPartitionReassignments,
            version =>
            {
                if (version == 0 && !mayChangeFactor) throw new KafkaException(ErrorCode.UnsupportedVersion, "this broker cannot promise to keep the number of replicas");
                return ReassignmentRequest(targets, mayChangeFactor);
            },
            static response => (ErrorCode)response.ErrorCode,
            cancellation);
        return [.. from topic in response.Responses
            from partition in topic.Partitions
            select new PartitionResult(new TopicPartition(topic.Name, partition.PartitionIndex), (ErrorCode)partition.ErrorCode, partition.ErrorMessage)];
    }

    /// <summary>The moves that are under way (ListPartitionReassignments).</summary>
    /// <exception cref="KafkaException">The controller cannot be asked.</exception>
    public async Task<IReadOnlyList<PartitionReassignment>> ListReassignmentsAsync(CancellationToken cancellation = default)
    {
        ListPartitionReassignmentsResponse response = await requests.AnyAsync(
            "reassignments",
            ApiKey.ListPartitionReassignments,
            _ => new ListPartitionReassignmentsRequest { TimeoutMs = requests.TimeoutMs, Topics = null },
            static response => (ErrorCode)response.ErrorCode,
            cancellation);
        return [.. from topic in response.Topics
            from partition in topic.Partitions
            select new PartitionReassignment(
                new TopicPartition(topic.Name, partition.PartitionIndex), [.. partition.Replicas], [.. partition.AddingReplicas], [.. partition.RemovingReplicas])];
    }

    private ElectLeadersRequest ElectionRequest(ElectionType type, IReadOnlyCollection<TopicPartition>? partitions)
    {
        var request = new ElectLeadersRequest { TimeoutMs = requests.TimeoutMs, ElectionType = (sbyte)type, TopicPartitions = null };
        if (partitions is null) return request;
        request.TopicPartitions = [];
        foreach (IGrouping<string, TopicPartition> group in partitions.GroupBy(static partition => partition.Topic))
        {
            ElectLeadersRequest.TopicPartitionsEntry topic = request.TopicPartitions.Add();
            topic.Topic = group.Key;
            topic.Partitions.AddRange(group.Select(static partition => partition.Partition));
        }

        return request;
    }

    private AlterPartitionReassignmentsRequest ReassignmentRequest(IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>?> targets, bool mayChangeFactor)
    {
        var request = new AlterPartitionReassignmentsRequest { TimeoutMs = requests.TimeoutMs, AllowReplicationFactorChange = mayChangeFactor };
        foreach (IGrouping<string, KeyValuePair<TopicPartition, IReadOnlyList<int>?>> group in targets.GroupBy(static target => target.Key.Topic))
        {
            AlterPartitionReassignmentsRequest.ReassignableTopic topic = request.Topics.Add();
            topic.Name = group.Key;
            foreach ((TopicPartition partition, IReadOnlyList<int>? replicas) in group)
            {
                AlterPartitionReassignmentsRequest.ReassignablePartition entry = topic.Partitions.Add();
                entry.PartitionIndex = partition.Partition;
                entry.Replicas = replicas is null ? null : [.. replicas];
            }
        }

        return request;
    }
}
