using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Client.Consuming;
using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>Commits a member's offsets, one commit after the other so that a later one is not overtaken.</summary>
internal sealed class OffsetCommits(Cluster cluster, GroupConnection connection, ConsumerOptions options)
{
    private const short LastByName = 9;
    private readonly Permits turn = new(1);

    /// <summary>Commits, and repeats while the failure may pass.</summary>
    /// <exception cref="KafkaException">ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS: the partitions are others' now, or about to be; and others.</exception>
    public async Task CommitAsync(Generation generation, IReadOnlyCollection<CommittedOffset> offsets, CancellationToken cancellation)
    {
        if (offsets.Count == 0) return;
        await turn.AcquireAsync(1, cancellation);
        try
        {
            await cluster.Retries.RunAsync("commit", cluster.Options.OperationTimeout, async token =>
            {
                await connection.SendAsync(_ => Request(generation, offsets), ApiKey.OffsetCommit, LastByName, FirstError, null, token);
                return true;
            }, cancellation);
        }
        finally
        {
            turn.Release(1);
        }
    }

    private OffsetCommitRequest Request(Generation generation, IReadOnlyCollection<CommittedOffset> offsets)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = options.GroupId!,
            GenerationIdOrMemberEpoch = generation.Id,
            MemberId = generation.MemberId,
            GroupInstanceId = generation.Id >= 0 ? options.GroupInstanceId : null,
        };
        foreach (IGrouping<string, CommittedOffset> topic in offsets.GroupBy(static each => each.Partition.Topic))
        {
            OffsetCommitRequest.OffsetCommitRequestTopic entry = request.Topics.Add();
            entry.Name = topic.Key;
            foreach (CommittedOffset offset in topic)
            {
                OffsetCommitRequest.OffsetCommitRequestPartition partition = entry.Partitions.Add();
                partition.PartitionIndex = offset.Partition.Partition;
                partition.CommittedOffset = offset.Offset;
                partition.CommittedLeaderEpoch = offset.LeaderEpoch;
                partition.CommittedMetadata = offset.Metadata ?? "";
            }
        }

        return request;
    }

    private static ErrorCode FirstError(OffsetCommitResponse response)
    {
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in response.Topics)
        {
            foreach (OffsetCommitResponse.OffsetCommitResponsePartition partition in topic.Partitions)
            {
                if (partition.ErrorCode != 0) return (ErrorCode)partition.ErrorCode;
            }
        }

        return ErrorCode.None;
    }
}
