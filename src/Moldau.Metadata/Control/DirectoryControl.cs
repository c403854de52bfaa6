using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>AssignReplicasToDirs: a broker tells in which of its directories replicas lie (KIP-858).</summary>
internal sealed class DirectoryControl(ControllerState state, ClusterControl cluster, PartitionControl partitions)
{
    /// <summary>AssignReplicasToDirs (key 73).</summary>
    /// <remarks>
    /// Errors: UNSUPPORTED_VERSION below metadata.version 3.7-IV2, STALE_BROKER_EPOCH; by partition UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION,
    /// NOT_LEADER_OR_FOLLOWER.
    /// </remarks>
    internal ControllerResult<AssignReplicasToDirsResponse> Assign(AssignReplicasToDirsRequest request)
    {
        ErrorCode error = state.MetadataVersion.SupportsDirectories ? cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch) : ErrorCode.UnsupportedVersion;
        var response = new AssignReplicasToDirsResponse { ErrorCode = (short)error };
        if (error != ErrorCode.None) return ControllerResult<AssignReplicasToDirsResponse>.Of(response);

        BrokerRegistration broker = state.Cluster.Broker(request.BrokerId)!;
        var records = new List<MetadataRecord>();
        var offline = new SortedSet<TopicIdPartition>();
        foreach (AssignReplicasToDirsRequest.DirectoryData directory in request.Directories)
        {
            var answer = new AssignReplicasToDirsResponse.DirectoryData { Id = directory.Id };
            response.Directories.Add(answer);
            foreach (AssignReplicasToDirsRequest.TopicData asked in directory.Topics)
            {
                var topicAnswer = new AssignReplicasToDirsResponse.TopicData { TopicId = asked.TopicId };
                answer.Topics.Add(topicAnswer);
                TopicImage? topic = state.Topics.Find(asked.TopicId);
                foreach (AssignReplicasToDirsRequest.PartitionData data in asked.Partitions)
                {
                    ErrorCode outcome = topic is null ? ErrorCode.UnknownTopicId : Assign(broker.Id, topic, data.PartitionIndex, directory.Id, records);
                    if (outcome == ErrorCode.None && !broker.HasOnlineDirectory(directory.Id)) offline.Add(new TopicIdPartition(asked.TopicId, data.PartitionIndex));
                    topicAnswer.Partitions.Add(new AssignReplicasToDirsResponse.PartitionData { PartitionIndex = data.PartitionIndex, ErrorCode = (short)outcome });
                }
            }
        }

        // A replica that was told to lie in a directory that is offline is offline itself.
        partitions.AddUpdates(offline, records, remove: broker.Id);
        return new ControllerResult<AssignReplicasToDirsResponse>(records, response, false);
    }

    private ErrorCode Assign(int broker, TopicImage topic, int number, Uuid directory, List<MetadataRecord> records)
    {
        if (topic.Partition(number) is not { } partition) return ErrorCode.UnknownTopicOrPartition;
        if (!partition.Replicas.Contains(broker)) return ErrorCode.NotLeaderOrFollower;
        if (partitions.Change(topic, number, partition, Election.Online, directory: (broker, directory)).Build() is { } record) records.Add(record);
        return ErrorCode.None;
    }
}
