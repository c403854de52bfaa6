using System.Globalization;
using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Simulation.Clients;

/// <summary>The group requests of the scenarios' members. The assignor is their own, so its bytes are a plain text.</summary>
internal static class GroupRequests
{
    public const short FindCoordinatorVersion = 3;
    public const short JoinVersion = 5;
    public const short SyncVersion = 3;
    public const short HeartbeatVersion = 3;
    public const short LeaveVersion = 3;
    public const short CommitVersion = 7;
    public const short OffsetsVersion = 6;
    private const string Assignor = "in-turn";

    public static JoinGroupRequest Join(string group, string memberId, string topic)
    {
        JoinGroupRequest request = new()
        {
            GroupId = group,
            MemberId = memberId,
            ProtocolType = "consumer",
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 15_000,
        };
        JoinGroupRequest.JoinGroupRequestProtocol protocol = request.Protocols.Add();
        protocol.Name = Assignor;
        protocol.Metadata = Subscription(topic);
        return request;
    }

    public static SyncGroupRequest Sync(string group, string memberId, int generation, IEnumerable<KeyValuePair<string, List<Partition>>> assignments)
    {
        SyncGroupRequest request = new() { GroupId = group, MemberId = memberId, GenerationId = generation };
        foreach ((string member, List<Partition> partitions) in assignments)
        {
            SyncGroupRequest.SyncGroupRequestAssignment assignment = request.Assignments.Add();
            assignment.MemberId = member;
            assignment.Assignment = Encoding.UTF8.GetBytes(string.Join(',', partitions.Select(partition => partition.Index.ToString(CultureInfo.InvariantCulture))));
        }

        return request;
    }

    /// <summary>The partitions in a member's assignment.</summary>
    public static List<Partition> Assigned(string topic, byte[] assignment) =>
        [.. Encoding.UTF8.GetString(assignment).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(index => new Partition(topic, int.Parse(index, CultureInfo.InvariantCulture)))];

    public static OffsetCommitRequest Commit(string group, string memberId, int generation, IEnumerable<(Partition Partition, long Offset, string Metadata)> offsets)
    {
        OffsetCommitRequest request = new() { GroupId = group, MemberId = memberId, GenerationIdOrMemberEpoch = generation };
        foreach (var topic in offsets.GroupBy(static each => each.Partition.Topic))
        {
            OffsetCommitRequest.OffsetCommitRequestTopic entry = request.Topics.Add();
            entry.Name = topic.Key;
            foreach ((Partition partition, long offset, string metadata) in topic)
            {
                OffsetCommitRequest.OffsetCommitRequestPartition commit = entry.Partitions.Add();
                commit.PartitionIndex = partition.Index;
                commit.CommittedOffset = offset;
                commit.CommittedMetadata = metadata;
            }
        }

        return request;
    }

    public static OffsetFetchRequest Offsets(string group, IEnumerable<Partition> partitions)
    {
        OffsetFetchRequest request = new() { GroupId = group, Topics = [] };
        foreach (IGrouping<string, Partition> topic in partitions.GroupBy(static partition => partition.Topic))
        {
            OffsetFetchRequest.OffsetFetchRequestTopic entry = request.Topics.Add();
            entry.Name = topic.Key;
            entry.PartitionIndexes.AddRange(topic.Select(static partition => partition.Index));
        }

        return request;
    }

    private static byte[] Subscription(string topic)
    {
        ConsumerProtocolSubscription subscription = new();
        subscription.Topics.Add(topic);
        using WireWriter writer = new();
        RecordFraming.WriteVersioned(writer, subscription, 0);
        return writer.ToArray();
    }
}
