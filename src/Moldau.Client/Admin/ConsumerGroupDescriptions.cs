using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Describes groups of the consumer protocol (KIP-848).</summary>
internal static class ConsumerGroupDescriptions
{
    /// <summary>The group; null when it is none of this protocol, or the broker does not know the protocol.</summary>
    public static async Task<GroupDescription?> TryAsync(AdminRequests requests, string group, int coordinator, CancellationToken cancellation)
    {
        try
        {
            ConsumerGroupDescribeResponse response = await requests.CoordinatorAsync(
                $"group '{group}'",
                group,
                ApiKey.ConsumerGroupDescribe,
                _ =>
                {
                    var request = new ConsumerGroupDescribeRequest();
                    request.GroupIds.Add(group);
                    return request;
                },
                static response => response.Groups.Count == 1 ? (ErrorCode)response.Groups[0].ErrorCode : ErrorCode.UnknownServerError,
                cancellation);
            ConsumerGroupDescribeResponse.DescribedGroup described = response.Groups[0];
            return new GroupDescription(
                group, ErrorCode.None, described.GroupState, "consumer", described.AssignorName, coordinator, [.. described.Members.Select(Read)]);
        }
        catch (KafkaException e) when (e.Code is ErrorCode.UnsupportedVersion or ErrorCode.GroupIdNotFound or ErrorCode.InvalidRequest)
        {
            return null;
        }
    }

    private static MemberDescription Read(ConsumerGroupDescribeResponse.Member member) => new(
        member.MemberId,
        member.InstanceId,
        member.ClientId,
        member.ClientHost,
        [.. from topic in member.Assignment.TopicPartitions
            from partition in topic.Partitions
            select new TopicPartition(topic.TopicName, partition)]);
}
