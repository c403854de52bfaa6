using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Elections by request and by the clock.</summary>
internal sealed class ElectionControl(ControllerState state, PartitionControl partitions)
{
    private const sbyte Preferred = 0, Unclean = 1;

    /// <summary>ElectLeaders (key 43, KIP-183, KIP-460): elects preferred or unclean leaders for given partitions, or for all.</summary>
    /// <remarks>
    /// Errors: INVALID_REQUEST (election type); by partition UNKNOWN_TOPIC_OR_PARTITION, ELECTION_NOT_NEEDED, PREFERRED_LEADER_NOT_AVAILABLE,
    /// ELIGIBLE_LEADERS_NOT_AVAILABLE. Asked for all, partitions that need no election are left out.
    /// </remarks>
    internal ControllerResult<ElectLeadersResponse> Elect(ElectLeadersRequest request)
    {
        var response = new ElectLeadersResponse();
        if (request.ElectionType is not (Preferred or Unclean))
        {
            var unknown = new ApiError(ErrorCode.InvalidRequest, $"Unknown election type {request.ElectionType}");
            response.ErrorCode = (short)unknown.Code;
            foreach (ElectLeadersRequest.TopicPartitionsEntry topic in request.TopicPartitions ?? [])
            {
                var result = new ElectLeadersResponse.ReplicaElectionResult { Topic = topic.Topic };
                response.ReplicaElectionResults.Add(result);
                foreach (int partition in topic.Partitions) Add(result, partition, unknown);
            }

            return ControllerResult<ElectLeadersResponse>.Of(response);
        }

        var records = new List<MetadataRecord>();
        if (request.TopicPartitions is { } asked)
        {
            foreach (ElectLeadersRequest.TopicPartitionsEntry topic in asked)
            {
                var result = new ElectLeadersResponse.ReplicaElectionResult { Topic = topic.Topic };
                response.ReplicaElectionResults.Add(result);
                foreach (int partition in topic.Partitions) Add(result, partition, Elect(topic.Topic, partition, request.ElectionType == Unclean, records));
            }
        }
        else
        {
            foreach (TopicImage topic in state.Topics.All)
            {
                var result = new ElectLeadersResponse.ReplicaElectionResult { Topic = topic.Name };
                response.ReplicaElectionResults.Add(result);
                foreach (int partition in topic.Partitions.Keys)
                {
                    ApiError error = Elect(topic.Name, partition, request.ElectionType == Unclean, records);
                    if (error.Code != ErrorCode.ElectionNotNeeded) Add(result, partition, error);
                }
            }
        }

        return new ControllerResult<ElectLeadersResponse>(records, response, false);
    }

    /// <summary>Elections of preferred leaders that are due (auto.leader.rebalance.enable), up to a bound.</summary>
    internal IReadOnlyList<MetadataRecord> Rebalance()
    {
        var records = new List<MetadataRecord>();
        foreach (TopicIdPartition id in state.Index.Imbalanced)
        {
            if (records.Count >= Limits.ElectionsPerTick) break;
            TopicImage topic = state.Topics.Find(id.TopicId)!;
            if (partitions.Change(topic, id.Partition, topic.Partition(id.Partition)!, Election.Preferred).Build() is { } record) records.Add(record);
        }

        return records;
    }

    /// <summary>Unclean elections for partitions without a leader whose topics allow them, up to a bound.</summary>
    internal IReadOnlyList<MetadataRecord> ElectUncleanLeaders()
    {
        var records = new List<MetadataRecord>();
        foreach (TopicIdPartition id in state.Index.Leaderless)
        {
            if (records.Count >= Limits.ElectionsPerTick) break;
            TopicImage topic = state.Topics.Find(id.TopicId)!;
            if (partitions.ElectionFor(topic.Name) == Election.Unclean) Elect(topic.Name, id.Partition, true, records);
        }

        return records;
    }

    private ApiError Elect(string topicName, int number, bool unclean, List<MetadataRecord> records)
    {
        if (state.Topics.Find(topicName) is not { } topic) return new ApiError(ErrorCode.UnknownTopicOrPartition, $"No such topic as {topicName}");
        if (topic.Partition(number) is not { } partition) return new ApiError(ErrorCode.UnknownTopicOrPartition, $"No such partition as {topicName}-{number}");
        if (unclean ? partition.HasLeader : partition.HasPreferredLeader)
        {
            return new ApiError(ErrorCode.ElectionNotNeeded, "Leader election not needed for topic partition.");
        }

        if (partitions.Change(topic, number, partition, unclean ? Election.Unclean : Election.Preferred).Build() is not { } record)
        {
            return unclean
                ? new ApiError(ErrorCode.EligibleLeadersNotAvailable, "Eligible topic partition leaders are not available.")
                : new ApiError(ErrorCode.PreferredLeaderNotAvailable, "The preferred leader was not available.");
        }

        records.Add(record);
        return ApiError.None;
    }

    private static void Add(ElectLeadersResponse.ReplicaElectionResult result, int partition, ApiError error) =>
        result.PartitionResult.Add(new ElectLeadersResponse.PartitionResultEntry { PartitionId = partition, ErrorCode = (short)error.Code, ErrorMessage = error.Message });
}
