using Moldau.Client.Clusters;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Asks leaders for offsets by time (ListOffsets), for admin calls and for consumers without a position.</summary>
internal static class OffsetLookup
{
    private const short FirstVersionWithMaxTimestamp = 7;
    private const short FirstVersionWithIsolation = 2;

    public static async Task<IReadOnlyList<ListedOffset>> RunAsync(
        LeaderRequests leaders, IReadOnlyDictionary<TopicPartition, OffsetSpec> partitions, IsolationLevel isolation, TimeSpan timeout, CancellationToken cancellation)
    {
        Dictionary<TopicPartition, ListedOffset> found = [];
        Dictionary<TopicPartition, ErrorCode> errors = await leaders.RunAsync(
            [.. partitions.Keys],
            "offsets",
            timeout,
            async (connection, asked, token) =>
            {
                short version = connection.VersionOf(ApiKey.ListOffsets);
                if (version < FirstVersionWithMaxTimestamp && asked.Exists(partition => partitions[partition] == OffsetSpec.MaxTimestamp))
                {
                    throw new UnsupportedApiException(ApiKey.ListOffsets, "the broker cannot look for the largest timestamp");
                }

                ListOffsetsRequest request = Request(asked, partitions, version >= FirstVersionWithIsolation ? isolation : IsolationLevel.ReadUncommitted);
                request.TimeoutMs = (int)timeout.TotalMilliseconds;
                ListOffsetsResponse response = await connection.SendAsync(request, version: version, cancellation: token);
                return Read(response, found);
            },
            cancellation);
        return [.. errors.Select(each => each.Value == ErrorCode.None ? found[each.Key] : new ListedOffset(each.Key, -1, -1, -1, each.Value))];
    }

    private static ListOffsetsRequest Request(List<TopicPartition> asked, IReadOnlyDictionary<TopicPartition, OffsetSpec> specs, IsolationLevel isolation)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1, IsolationLevel = (sbyte)isolation };
        foreach (IGrouping<string, TopicPartition> group in asked.GroupBy(static partition => partition.Topic))
        {
            ListOffsetsRequest.ListOffsetsTopic topic = request.Topics.Add();
            topic.Name = group.Key;
            foreach (TopicPartition partition in group)
            {
                ListOffsetsRequest.ListOffsetsPartition entry = topic.Partitions.Add();
                entry.PartitionIndex = partition.Partition;
                entry.Timestamp = specs[partition].TimestampMs;
            }
        }

        return request;
    }

    private static List<(TopicPartition, ErrorCode)> Read(ListOffsetsResponse response, Dictionary<TopicPartition, ListedOffset> found)
    {
        List<(TopicPartition, ErrorCode)> results = [];
        foreach (ListOffsetsResponse.ListOffsetsTopicResponse topic in response.Topics)
        {
            foreach (ListOffsetsResponse.ListOffsetsPartitionResponse partition in topic.Partitions)
            {
                var at = new TopicPartition(topic.Name, partition.PartitionIndex);
                var error = (ErrorCode)partition.ErrorCode;
                // Requests to several brokers run side by side.
                lock (found) found[at] = new ListedOffset(at, partition.Offset, partition.Timestamp, partition.LeaderEpoch, error);
                results.Add((at, error));
            }
        }

        return results;
    }
}
