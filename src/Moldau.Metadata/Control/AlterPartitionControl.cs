using System.Collections.Immutable;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>AlterPartition: a leader changes its ISR.</summary>
internal sealed class AlterPartitionControl(ControllerState state, ClusterControl cluster, PartitionControl partitions)
{
    private readonly record struct IsrMember(int Broker, long Epoch);

    /// <summary>AlterPartition (key 56, KIP-497): the leader says who is in sync. Epochs make sure that nothing stale gets through.</summary>
    /// <remarks>
    /// Errors: STALE_BROKER_EPOCH for the request; by partition UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, FENCED_LEADER_EPOCH, NOT_CONTROLLER,
    /// INVALID_UPDATE_VERSION, INVALID_REQUEST, INELIGIBLE_REPLICA, NEW_LEADER_ELECTED.
    /// </remarks>
    internal ControllerResult<AlterPartitionResponse> Alter(ControllerContext context, AlterPartitionRequest request)
    {
        var response = new AlterPartitionResponse { ErrorCode = (short)cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch) };
        var records = new List<MetadataRecord>();
        if (response.ErrorCode != 0) return ControllerResult<AlterPartitionResponse>.Of(response);
        foreach (AlterPartitionRequest.TopicData asked in request.Topics)
        {
            var answer = new AlterPartitionResponse.TopicData { TopicId = asked.TopicId };
            response.Topics.Add(answer);
            TopicImage? topic = state.Topics.Find(asked.TopicId);
            foreach (AlterPartitionRequest.PartitionData data in asked.Partitions)
            {
                var result = new AlterPartitionResponse.PartitionData { PartitionIndex = data.PartitionIndex };
                answer.Partitions.Add(result);
                result.ErrorCode = (short)(topic is null ? ErrorCode.UnknownTopicId : Alter(request.BrokerId, topic, data, context.ApiVersion, records, result));
            }
        }

        return new ControllerResult<AlterPartitionResponse>(records, response, false);
    }

    private ErrorCode Alter(
        int leader, TopicImage topic, AlterPartitionRequest.PartitionData data, short apiVersion, List<MetadataRecord> records, AlterPartitionResponse.PartitionData result)
    {
        if (topic.Partition(data.PartitionIndex) is not { } partition) return ErrorCode.UnknownTopicOrPartition;
        ImmutableArray<IsrMember> members = apiVersion >= 3
            ? [.. data.NewIsrWithEpochs.Select(member => new IsrMember(member.BrokerId, member.BrokerEpoch))]
            : [.. data.NewIsr.Select(broker => new IsrMember(broker, -1))];
        ImmutableArray<int> isr = [.. members.Select(member => member.Broker)];
        ErrorCode error = Check(leader, partition, data, isr, members);
        if (error != ErrorCode.None) return error;

        PartitionChange change = partitions.Change(topic, data.PartitionIndex, partition, partitions.ElectionFor(topic.Name), (LeaderRecoveryState)data.LeaderRecoveryState);
        change.Isr = isr;
        if (change.Build() is { } record)
        {
            records.Add(record);
            var message = (PartitionChangeRecord)record.Message;
            partition = partition.Merge(message);

            // The change completed a reassignment that took the asker out: it has to learn who leads now before it goes on.
            if (message.Leader != leader && message.Leader != PartitionRegistration.NoLeaderChange) return ErrorCode.NewLeaderElected;
        }

        result.LeaderId = partition.Leader;
        result.LeaderEpoch = partition.LeaderEpoch;
        result.Isr = [.. partition.Isr];
        result.LeaderRecoveryState = (sbyte)partition.RecoveryState;
        result.PartitionEpoch = partition.PartitionEpoch;
        return ErrorCode.None;
    }

    private ErrorCode Check(int leader, PartitionRegistration partition, AlterPartitionRequest.PartitionData data, ImmutableArray<int> isr, ImmutableArray<IsrMember> members)
    {
        // Epochs from the future: there must be a newer controller than this one.
        if (data.LeaderEpoch > partition.LeaderEpoch || data.PartitionEpoch > partition.PartitionEpoch) return ErrorCode.NotController;
        if (data.LeaderEpoch < partition.LeaderEpoch) return ErrorCode.FencedLeaderEpoch;
        if (leader != partition.Leader) return ErrorCode.InvalidRequest;
        if (data.PartitionEpoch < partition.PartitionEpoch) return ErrorCode.InvalidUpdateVersion;
        if (!Replicas.IsValidIsr(partition.Replicas, isr) || !isr.Contains(leader)) return ErrorCode.InvalidRequest;
        if (data.LeaderRecoveryState is not (0 or 1)) return ErrorCode.InvalidRequest;
        bool recovering = data.LeaderRecoveryState == (sbyte)LeaderRecoveryState.Recovering;
        if (recovering && (isr.Length > 1 || partition.RecoveryState == LeaderRecoveryState.Recovered)) return ErrorCode.InvalidRequest;

        // A replica that restarted since the leader last heard of it may have lost what made it in sync.
        bool eligible = members.All(member => state.Cluster.Broker(member.Broker) is { IsActive: true } broker && (member.Epoch == -1 || member.Epoch == broker.Epoch));
        return eligible ? ErrorCode.None : ErrorCode.IneligibleReplica;
    }
}
