using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Storage;

namespace Moldau.Broker.Handlers;

/// <summary>ListOffsets (key 2, v1-11): the first offset at or after a timestamp, or one of the offsets with a name.</summary>
/// <remarks>
/// Timestamps below zero are names: -1 latest, -2 earliest, -3 of the largest timestamp (v7, KIP-734), -4 earliest on local disk (v8), -5 latest in tiered storage (v9),
/// -6 earliest not yet uploaded (v11). Here everything is on local disk. Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER,
/// FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, UNSUPPORTED_VERSION (a name newer than the version), INVALID_REQUEST (a partition named twice),
/// UNKNOWN_SERVER_ERROR (an isolation level that does not exist, as in Kafka).
/// </remarks>
internal sealed class ListOffsetsHandler(PartitionFinder partitions)
    : ApiHandler<ListOffsetsRequest, ListOffsetsResponse>(ApiKey.ListOffsets, 1, 11)
{
    private const long Latest = -1, Earliest = -2, MaxTimestamp = -3, EarliestLocal = -4, LatestTiered = -5, EarliestPendingUpload = -6;
    private const int Consumer = -1;
    private const short FirstVersionWithEpoch = 4;
    private const sbyte ReadUncommitted = 0, ReadCommitted = 1;

    protected internal override ValueTask HandleAsync(RequestContext<ListOffsetsRequest, ListOffsetsResponse> context)
    {
        HashSet<TopicPartition>? repeated = FindRepeated(context.Request);
        bool isLevelKnown = context.Request.IsolationLevel is ReadUncommitted or ReadCommitted;
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in context.Request.Topics)
        {
            ListOffsetsResponse.ListOffsetsTopicResponse answer = context.Response.Topics.Add();
            answer.Name = topic.Name;
            foreach (ListOffsetsRequest.ListOffsetsPartition asked in topic.Partitions)
            {
                ListOffsetsResponse.ListOffsetsPartitionResponse partition = answer.Partitions.Add();
                partition.PartitionIndex = asked.PartitionIndex;
                bool isRepeated = repeated is not null && repeated.Contains(new TopicPartition(topic.Name, asked.PartitionIndex));
                partition.ErrorCode = (short)(!isLevelKnown ? ErrorCode.UnknownServerError : isRepeated ? ErrorCode.InvalidRequest : List(context, topic.Name, asked, partition));
            }
        }

        return ValueTask.CompletedTask;
    }

    private ErrorCode List(
        RequestContext<ListOffsetsRequest, ListOffsetsResponse> context,
        string topic,
        ListOffsetsRequest.ListOffsetsPartition asked,
        ListOffsetsResponse.ListOffsetsPartitionResponse answer)
    {
        if (asked.Timestamp < 0 && context.Version < FirstVersionOf(asked.Timestamp)) return ErrorCode.UnsupportedVersion;
        ErrorCode error = partitions.Find(topic, asked.PartitionIndex, out HostedPartition? hosted);
        if (error == ErrorCode.None) error = hosted!.CheckLeader(asked.CurrentLeaderEpoch);
        if (error != ErrorCode.None) return error;
        if (hosted!.Log.Directory.IsOffline) return ErrorCode.KafkaStorageError;
        if (Look(hosted, asked.Timestamp, EndFor(hosted, context.Request)) is not { } found) return ErrorCode.None;
        answer.Timestamp = found.TimestampMs;
        answer.Offset = found.Offset;
        if (context.Version >= FirstVersionWithEpoch) answer.LeaderEpoch = found.LeaderEpoch;
        return ErrorCode.None;
    }

    private static TimestampedOffset? Look(HostedPartition hosted, long timestamp, long end)
    {
        switch (timestamp)
        {
            case Latest: return new TimestampedOffset(-1, (Offset)end, hosted.Log.LatestEpoch);
            case Earliest or EarliestLocal: return hosted.Log.EarliestOffset;
            case LatestTiered or EarliestPendingUpload: return null;
        }

        TimestampedOffset? found = timestamp == MaxTimestamp ? hosted.Log.OffsetOfMaxTimestamp() : hosted.Log.OffsetForTimestamp(timestamp);
        return found is { } record && record.Offset < end ? found : null;
    }

    private static long EndFor(HostedPartition hosted, ListOffsetsRequest request) =>
        request.ReplicaId != Consumer ? hosted.Log.LogEndOffset
        : request.IsolationLevel == ReadCommitted ? hosted.LastStableOffset
        : hosted.HighWatermark;

    private static short FirstVersionOf(long name) => name switch
    {
        Latest or Earliest => 1,
        MaxTimestamp => 7,
        EarliestLocal => 8,
        LatestTiered => 9,
        EarliestPendingUpload => 11,
        _ => short.MaxValue,
    };

    // Null when every partition is named once, which is the rule.
    private static HashSet<TopicPartition>? FindRepeated(ListOffsetsRequest request)
    {
        if (request.Topics.Count == 1 && request.Topics[0].Partitions.Count == 1) return null;
        var seen = new HashSet<TopicPartition>();
        HashSet<TopicPartition>? repeated = null;
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in request.Topics)
        {
            foreach (ListOffsetsRequest.ListOffsetsPartition partition in topic.Partitions)
            {
                var name = new TopicPartition(topic.Name, partition.PartitionIndex);
                if (!seen.Add(name)) (repeated ??= []).Add(name);
            }
        }

        return repeated;
    }
}
