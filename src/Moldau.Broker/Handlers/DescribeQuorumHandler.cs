using Moldau.Broker.Network;
using Moldau.Broker.Quorum;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Raft;

namespace Moldau.Broker.Handlers;

/// <summary>DescribeQuorum (key 55, v0-2): how the voters and observers of the metadata quorum stand (KIP-595).</summary>
/// <remarks>
/// v1 when each replica last fetched and was level with the leader (KIP-836); v2 directories, and where the voters listen (KIP-853). It is asked for the one partition of the
/// metadata log: anything else is UNKNOWN_TOPIC_OR_PARTITION. NOT_LEADER_OR_FOLLOWER: this node does not lead.
/// </remarks>
internal sealed class DescribeQuorumHandler(RaftNode raft)
    : ApiHandler<DescribeQuorumRequest, DescribeQuorumResponse>(ApiKey.DescribeQuorum, 0, 2, Listeners.Both)
{
    private const short FirstVersionWithDirectories = 2;

    protected internal override async ValueTask HandleAsync(RequestContext<DescribeQuorumRequest, DescribeQuorumResponse> context)
    {
        context.Response.ErrorMessage = "";
        if (!AsksForMetadataLog(context.Request))
        {
            Refuse(context.Request, context.Response);
            return;
        }

        (QuorumStatus status, IReadOnlyList<ReplicaStatus> replicas) = await raft.DescribeAsync();
        DescribeQuorumResponse.PartitionData partition = AddPartition(context.Response);
        if (replicas.Count == 0)
        {
            Set(partition, ErrorCode.NotLeaderOrFollower);
            return;
        }

        partition.ErrorMessage = "";
        partition.LeaderId = status.LeaderId;
        partition.LeaderEpoch = status.Epoch;
        partition.HighWatermark = status.HighWatermark;
        foreach (ReplicaStatus replica in replicas) Add(replica.IsVoter ? partition.CurrentVoters : partition.Observers, replica, context.Version);
        if (context.Version >= FirstVersionWithDirectories) AddNodes(context.Response, status.Voters);
    }

    private static bool AsksForMetadataLog(DescribeQuorumRequest request) =>
        request.Topics.Count == 1 && request.Topics[0].TopicName == RaftNode.Partition.Topic
        && request.Topics[0].Partitions.Count == 1 && request.Topics[0].Partitions[0].PartitionIndex == RaftNode.Partition.Partition;

    private static void Refuse(DescribeQuorumRequest request, DescribeQuorumResponse response)
    {
        foreach (DescribeQuorumRequest.TopicData asked in request.Topics)
        {
            DescribeQuorumResponse.TopicData topic = response.Topics.Add();
            topic.TopicName = asked.TopicName;
            foreach (DescribeQuorumRequest.PartitionData number in asked.Partitions)
            {
                DescribeQuorumResponse.PartitionData partition = topic.Partitions.Add();
                partition.PartitionIndex = number.PartitionIndex;
                Set(partition, ErrorCode.UnknownTopicOrPartition);
            }
        }
    }

    private static DescribeQuorumResponse.PartitionData AddPartition(DescribeQuorumResponse response)
    {
        DescribeQuorumResponse.TopicData topic = response.Topics.Add();
        topic.TopicName = RaftNode.Partition.Topic;
        DescribeQuorumResponse.PartitionData partition = topic.Partitions.Add();
        partition.PartitionIndex = RaftNode.Partition.Partition;
        return partition;
    }

    private static void Set(DescribeQuorumResponse.PartitionData partition, ErrorCode error)
    {
        partition.ErrorCode = (short)error;
        partition.ErrorMessage = error.KafkaName();
    }

    private static void Add(MessageArray<DescribeQuorumResponse.ReplicaState> to, ReplicaStatus replica, short version)
    {
        DescribeQuorumResponse.ReplicaState state = to.Add();
        state.ReplicaId = replica.Key.Id;
        if (version >= FirstVersionWithDirectories) state.ReplicaDirectoryId = replica.Key.DirectoryId;
        state.LogEndOffset = replica.LogEndOffset;
        state.LastFetchTimestamp = replica.LastFetchMs;
        state.LastCaughtUpTimestamp = replica.LastCaughtUpMs;
    }

    private static void AddNodes(DescribeQuorumResponse response, VoterSet voters)
    {
        foreach (VoterNode voter in voters.Nodes)
        {
            DescribeQuorumResponse.Node node = response.Nodes.Add();
            node.NodeId = voter.Id;
            foreach (VoterEndpoint endpoint in voter.Endpoints)
            {
                DescribeQuorumResponse.Listener listener = node.Listeners.Add();
                listener.Name = endpoint.Listener;
                listener.Host = endpoint.Host;
                listener.Port = (ushort)endpoint.Port;
            }
        }
    }
}
