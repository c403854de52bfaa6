using System.Collections.Immutable;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>CreatePartitions.</summary>
internal sealed class PartitionCreation(ControllerState state, PartitionAssignment assignment)
{
    /// <summary>CreatePartitions (key 37): raises a topic's number of partitions; each topic succeeds or fails alone.</summary>
    /// <remarks>
    /// Errors, by topic: UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITIONS (no increase), INVALID_REPLICA_ASSIGNMENT, INVALID_REPLICATION_FACTOR,
    /// INVALID_REQUEST (the topic twice), POLICY_VIOLATION (too many partitions in one request).
    /// </remarks>
    internal ControllerResult<CreatePartitionsResponse> Create(CreatePartitionsRequest request)
    {
        var records = new List<MetadataRecord>();
        var response = new CreatePartitionsResponse();
        bool tooMany = request.Topics.Sum(topic => Math.Max(0L, topic.Count - (long)(state.Topics.Find(topic.Name)?.Partitions.Count ?? topic.Count))) > Limits.PartitionsPerRequest;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var duplicates = new SortedSet<string>(request.Topics.Select(t => t.Name).Where(name => !names.Add(name)), StringComparer.Ordinal);
        foreach (string name in duplicates) Add(response, name, new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name."));
        foreach (CreatePartitionsRequest.CreatePartitionsTopic topic in request.Topics)
        {
            if (duplicates.Contains(topic.Name)) continue;
            Add(response, topic.Name, tooMany
                ? new ApiError(ErrorCode.PolicyViolation, "Excessively large number of additional partitions per request.")
                : Create(topic, records));
        }

        return new ControllerResult<CreatePartitionsResponse>(request.ValidateOnly ? [] : records, response, true);
    }

    private ApiError Create(CreatePartitionsRequest.CreatePartitionsTopic request, List<MetadataRecord> records)
    {
        if (state.Topics.Find(request.Name) is not { } topic) return new ApiError(ErrorCode.UnknownTopicOrPartition);
        int present = topic.Partitions.Count;
        if (request.Count == present) return new ApiError(ErrorCode.InvalidPartitions, $"Topic already has {present} partition(s).");
        if (request.Count < present)
        {
            return new ApiError(ErrorCode.InvalidPartitions, $"The topic {topic.Name} currently has {present} partition(s); {request.Count} would not be an increase.");
        }

        int additional = request.Count - present;
        short replicationFactor = (short)topic.Partitions.Values.First().Replicas.Length;
        ApiError error = request.Assignments is null
            ? assignment.Automatic(additional, replicationFactor, out ImmutableArray<PartitionRegistration> made)
            : Manual(request.Assignments, additional, present, replicationFactor, out made);
        if (error.IsFailure) return error;
        for (int i = 0; i < made.Length; i++) records.Add(made[i].ToRecord(topic.Id, present + i, state.MetadataVersion));
        return ApiError.None;
    }

    private ApiError Manual(
        MessageArray<CreatePartitionsRequest.CreatePartitionsAssignment> assignments, int additional, int present, short replicationFactor, out ImmutableArray<PartitionRegistration> made)
    {
        made = [];
        if (assignments.Count != additional)
        {
            return new ApiError(
                ErrorCode.InvalidReplicaAssignment,
                $"Attempted to add {additional} additional partition(s), but only {assignments.Count} assignment(s) were specified.");
        }

        var result = ImmutableArray.CreateBuilder<PartitionRegistration>(additional);
        foreach (CreatePartitionsRequest.CreatePartitionsAssignment given in assignments)
        {
            ApiError error = assignment.Manual([.. given.BrokerIds], replicationFactor, present + result.Count, out PartitionRegistration? partition);
            if (error.IsFailure) return error;
            result.Add(partition!);
        }

        made = result.ToImmutable();
        return ApiError.None;
    }

    private static void Add(CreatePartitionsResponse response, string name, ApiError error) =>
        response.Results.Add(new CreatePartitionsResponse.CreatePartitionsTopicResult { Name = name, ErrorCode = (short)error.Code, ErrorMessage = error.Message });
}
