using Moldau.Broker.Admin;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>ElectLeaders (key 43, v0-2): gives partitions their preferred leader back, or any leader at all (KIP-183, KIP-460).</summary>
/// <remarks>v1 unclean elections and an error of the whole answer. Errors per partition: ELECTION_NOT_NEEDED, PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE,
/// UNKNOWN_TOPIC_OR_PARTITION, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class ElectLeadersHandler(ControllerWrites writes)
    : ControllerHandler<ElectLeadersRequest, ElectLeadersResponse>(writes, ApiKey.ElectLeaders, 0, 2)
{
    protected override ControllerResult<ElectLeadersResponse> Run(Controller core, ControllerContext context, ElectLeadersRequest request) => core.ElectLeaders(request);

    protected override void Refuse(ElectLeadersRequest request, ElectLeadersResponse response, ErrorCode error, short version)
    {
        if (version >= 1) response.ErrorCode = (short)error;
        if (request.TopicPartitions is not { } asked) return;
        foreach (ElectLeadersRequest.TopicPartitionsEntry topic in asked)
        {
            ElectLeadersResponse.ReplicaElectionResult result = response.ReplicaElectionResults.Add();
            result.Topic = topic.Topic;
            foreach (int partition in topic.Partitions)
            {
                ElectLeadersResponse.PartitionResultEntry entry = result.PartitionResult.Add();
                entry.PartitionId = partition;
                entry.ErrorCode = (short)error;
                entry.ErrorMessage = null;
            }
        }
    }


    protected override int? TimeoutMs(ElectLeadersRequest request) => request.TimeoutMs;
}
