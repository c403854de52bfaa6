using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Committed offsets of groups that the caller is not a member of. By topic name: version 10 of the APIs, by id, is not needed for that.</summary>
internal sealed class GroupOffsets(AdminRequests requests)
{
    private const short FirstFetchOfGroups = 8;
    private const short FirstFetchOfStable = 7;
    private const short LastByName = 9;

    public async Task<IReadOnlyList<CommittedOffset>> FetchAsync(string group, IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancellation, bool requireStable = false)
    {
        OffsetFetchResponse response = await requests.CoordinatorAsync(
            $"offsets of group '{group}'", group, ApiKey.OffsetFetch, LastByName, version => FetchRequest(group, partitions, version, requireStable), FetchError, cancellation);
        List<CommittedOffset> found = [];
        foreach (OffsetFetchResponse.OffsetFetchResponseTopic topic in response.Topics)
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartition at in topic.Partitions)
            {
                found.Add(new(new(topic.Name, at.PartitionIndex), at.CommittedOffset, at.CommittedLeaderEpoch, at.Metadata, (ErrorCode)at.ErrorCode));
            }
        }

        foreach (OffsetFetchResponse.OffsetFetchResponseTopics topic in response.Groups.SelectMany(static each => each.Topics))
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartitions at in topic.Partitions)
            {
                found.Add(new(new(topic.Name, at.PartitionIndex), at.CommittedOffset, at.CommittedLeaderEpoch, at.Metadata, (ErrorCode)at.ErrorCode));
            }
        }

        return found;
    }

    public async Task<IReadOnlyList<CommittedOffset>> CommitAsync(string group, IReadOnlyCollection<CommittedOffset> committed, CancellationToken cancellation)
    {
        OffsetCommitResponse response = await requests.CoordinatorAsync(
            $"offsets of group '{group}'",
            group,
            ApiKey.OffsetCommit,
            LastByName,
            _ =>
            {
                var request = new OffsetCommitRequest { GroupId = group };
                foreach (IGrouping<string, CommittedOffset> topic in committed.GroupBy(static each => each.Partition.Topic))
                {
                    OffsetCommitRequest.OffsetCommitRequestTopic entry = request.Topics.Add();
                    entry.Name = topic.Key;
                    foreach (CommittedOffset each in topic)
                    {
                        OffsetCommitRequest.OffsetCommitRequestPartition partition = entry.Partitions.Add();
                        partition.PartitionIndex = each.Partition.Partition;
                        partition.CommittedOffset = each.Offset;
                        partition.CommittedLeaderEpoch = each.LeaderEpoch;
                        partition.CommittedMetadata = each.Metadata ?? "";
                    }
                }

                return request;
            },
            static response => RetriableOf(response.Topics.SelectMany(static topic => topic.Partitions).Select(static each => each.ErrorCode)),
            cancellation);
        Dictionary<TopicPartition, ErrorCode> errors = [];
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in response.Topics)
        {
            foreach (OffsetCommitResponse.OffsetCommitResponsePartition each in topic.Partitions) errors[new(topic.Name, each.PartitionIndex)] = (ErrorCode)each.ErrorCode;
        }

        return [.. committed.Select(each => each with { Error = errors.GetValueOrDefault(each.Partition, ErrorCode.UnknownServerError) })];
    }

    public async Task<IReadOnlyList<CommittedOffset>> DeleteAsync(string group, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation)
    {
        OffsetDeleteResponse response = await requests.CoordinatorAsync(
            $"offsets of group '{group}'",
            group,
            ApiKey.OffsetDelete,
            0,
            _ =>
            {
                var request = new OffsetDeleteRequest { GroupId = group };
                foreach (IGrouping<string, TopicPartition> topic in partitions.GroupBy(static each => each.Topic))
                {
                    OffsetDeleteRequest.OffsetDeleteRequestTopic entry = request.Topics.Add();
                    entry.Name = topic.Key;
                    foreach (TopicPartition each in topic) entry.Partitions.Add().PartitionIndex = each.Partition;
                }

                return request;
            },
            static response => (ErrorCode)response.ErrorCode,
            cancellation);
        return [.. from topic in response.Topics
                   from each in topic.Partitions
                   select new CommittedOffset(new(topic.Name, each.PartitionIndex), -1, Error: (ErrorCode)each.ErrorCode)];
    }

    private static OffsetFetchRequest FetchRequest(string group, IReadOnlyCollection<TopicPartition>? partitions, short version, bool requireStable)
    {
        var request = new OffsetFetchRequest { RequireStable = requireStable && version >= FirstFetchOfStable };
        if (version >= FirstFetchOfGroups)
        {
            OffsetFetchRequest.OffsetFetchRequestGroup entry = request.Groups.Add();
            entry.GroupId = group;
            entry.Topics = partitions is null ? null : new();
            foreach (IGrouping<string, TopicPartition> topic in (partitions ?? []).GroupBy(static each => each.Topic))
            {
                OffsetFetchRequest.OffsetFetchRequestTopics asked = entry.Topics!.Add();
                asked.Name = topic.Key;
                foreach (TopicPartition each in topic) asked.PartitionIndexes.Add(each.Partition);
            }

            return request;
        }

        request.GroupId = group;
        request.Topics = partitions is null ? null : new();
        foreach (IGrouping<string, TopicPartition> topic in (partitions ?? []).GroupBy(static each => each.Topic))
        {
            OffsetFetchRequest.OffsetFetchRequestTopic asked = request.Topics!.Add();
            asked.Name = topic.Key;
            foreach (TopicPartition each in topic) asked.PartitionIndexes.Add(each.Partition);
        }

        return request;
    }

    private static ErrorCode FetchError(OffsetFetchResponse response)
    {
        if (response.ErrorCode != 0) return (ErrorCode)response.ErrorCode;
        foreach (OffsetFetchResponse.OffsetFetchResponseGroup group in response.Groups)
        {
            if (group.ErrorCode != 0) return (ErrorCode)group.ErrorCode;
        }

        return ErrorCode.None;
    }

    private static ErrorCode RetriableOf(IEnumerable<short> errors)
    {
        foreach (short error in errors)
        {
            // Of a topic that does not exist nothing will be known later either.
            if (((ErrorCode)error).IsRetriable() && error != (short)ErrorCode.UnknownTopicOrPartition) return (ErrorCode)error;
        }

        return ErrorCode.None;
    }
}
