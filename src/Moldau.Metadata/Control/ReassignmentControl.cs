using System.Collections.Immutable;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Moves partitions between brokers (KIP-455).</summary>
/// <remarks>
/// The new replicas are added first; AlterPartition completes the move when all that stay are in sync, and takes the old ones out.
/// A move that only orders replicas anew, or only drops some, is complete at once.
/// </remarks>
internal sealed class ReassignmentControl(ControllerState state, ConfigControl configs, PartitionControl partitions, PartitionAssignment assignment)
{
    /// <summary>AlterPartitionReassignments (key 45): begins, changes or (null replicas) cancels moves.</summary>
    /// <remarks>
    /// Errors, by partition: UNKNOWN_TOPIC_OR_PARTITION, INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR (from v1 when it may not change),
    /// NO_REASSIGNMENT_IN_PROGRESS.
    /// </remarks>
    internal ControllerResult<AlterPartitionReassignmentsResponse> Alter(AlterPartitionReassignmentsRequest request)
    {
        var records = new List<MetadataRecord>();
        var response = new AlterPartitionReassignmentsResponse { AllowReplicationFactorChange = request.AllowReplicationFactorChange, ErrorMessage = null };
        foreach (AlterPartitionReassignmentsRequest.ReassignableTopic topic in request.Topics)
        {
            var answer = new AlterPartitionReassignmentsResponse.ReassignableTopicResponse { Name = topic.Name };
            response.Responses.Add(answer);
            foreach (AlterPartitionReassignmentsRequest.ReassignablePartition target in topic.Partitions)
            {
                ImmutableArray<int>? replicas = target.Replicas is { } list ? [.. list] : null;
                ApiError error = Alter(topic.Name, target.PartitionIndex, replicas, request.AllowReplicationFactorChange, records);
                answer.Partitions.Add(new AlterPartitionReassignmentsResponse.ReassignablePartitionResponse
                {
                    PartitionIndex = target.PartitionIndex,
                    ErrorCode = (short)error.Code,
                    ErrorMessage = error.Message,
                });
            }
        }

        return new ControllerResult<AlterPartitionReassignmentsResponse>(records, response, true);
    }

    /// <summary>ListPartitionReassignments (key 46): moves under way, of all topics or of some.</summary>
    internal ListPartitionReassignmentsResponse List(ListPartitionReassignmentsRequest request)
    {
        var response = new ListPartitionReassignmentsResponse { ErrorMessage = null };
        if (request.Topics is { } asked)
        {
            foreach (ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics topic in asked)
            {
                if (state.Topics.Find(topic.Name) is { } image) Add(response, image, topic.PartitionIndexes);
            }
        }
        else
        {
            foreach (IGrouping<Uuid, TopicIdPartition> topic in state.Index.Reassigning.GroupBy(id => id.TopicId))
            {
                Add(response, state.Topics.Find(topic.Key)!, topic.Select(id => id.Partition));
            }
        }

        return response;
    }

    private ApiError Alter(string name, int number, ImmutableArray<int>? replicas, bool mayChangeFactor, List<MetadataRecord> records)
    {
        if (state.Topics.Find(name) is not { } topic) return new ApiError(ErrorCode.UnknownTopicOrPartition, $"Unable to find a topic named {name}.");
        if (topic.Partition(number) is not { } partition) return new ApiError(ErrorCode.UnknownTopicOrPartition, $"Unable to find partition {name}:{number}.");
        PartitionChange change = partitions.Change(topic, number, partition, partitions.ElectionFor(name));
        ApiError error = replicas is { } wanted ? Begin(change, partition, wanted, mayChangeFactor) : Cancel(change, partition, topic, number);
        if (!error.IsFailure && change.Build() is { } record) records.Add(record);
        return error;
    }

    private ApiError Begin(PartitionChange change, PartitionRegistration partition, ImmutableArray<int> wanted, bool mayChangeFactor)
    {
        ApiError error = assignment.Check(wanted, null);
        if (error.IsFailure) return error;
        int factor = partition.Replicas.Length - partition.AddingReplicas.Length;
        if (!mayChangeFactor && wanted.Length != factor)
        {
            return new ApiError(ErrorCode.InvalidReplicationFactor, $"The replication factor is changed from {factor} to {wanted.Length}");
        }

        ImmutableArray<int> removing = [.. partition.Replicas.Where(replica => !wanted.Contains(replica)).Order()];
        ImmutableArray<int> adding = [.. wanted.Where(replica => !partition.Replicas.Contains(replica)).Order()];
        change.AllReplicas = [.. wanted, .. removing];
        if (!removing.IsEmpty) change.Removing = removing;
        if (!adding.IsEmpty) change.Adding = adding;
        return ApiError.None;
    }

    private ApiError Cancel(PartitionChange change, PartitionRegistration partition, TopicImage topic, int number)
    {
        if (!partition.IsReassigning) return new ApiError(ErrorCode.NoReassignmentInProgress);
        ImmutableArray<int> original = partition.Replicas.Without(partition.AddingReplicas.AsSpan());
        ImmutableArray<int> isr = partition.Isr.Without(partition.AddingReplicas.AsSpan());
        if (isr.IsEmpty)
        {
            if (original.IsEmpty) return new ApiError(ErrorCode.InvalidReplicaAssignment, "Invalid replica assignment: addingReplicas contains all replicas.");
            if (!configs.AllowsUncleanElection(topic.Name))
            {
                return new ApiError(
                    ErrorCode.InvalidReplicaAssignment,
                    $"Unable to revert partition assignment for {topic.Name}:{number} because it would require an unclean leader election.");
            }

            isr = [original[0]];
        }

        (change.Isr, change.AllReplicas, change.Removing, change.Adding) = (isr, original, [], []);
        return ApiError.None;
    }

    private static void Add(ListPartitionReassignmentsResponse response, TopicImage topic, IEnumerable<int> numbers)
    {
        var answer = new ListPartitionReassignmentsResponse.OngoingTopicReassignment { Name = topic.Name };
        foreach (int number in numbers)
        {
            if (topic.Partition(number) is not { IsReassigning: true } partition) continue;
            answer.Partitions.Add(new ListPartitionReassignmentsResponse.OngoingPartitionReassignment
            {
                PartitionIndex = number,
                Replicas = [.. partition.Replicas],
                AddingReplicas = [.. partition.AddingReplicas],
                RemovingReplicas = [.. partition.RemovingReplicas],
            });
        }

        if (answer.Partitions.Count > 0) response.Topics.Add(answer);
    }
}
