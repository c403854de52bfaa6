using Moldau.Broker.Network;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>DescribeTopicPartitions (key 75, v0): topics in order of name, in pages of a number of partitions, with eligible leader replicas (KIP-966).</summary>
/// <remarks>Errors per topic: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION, INVALID_REQUEST (a cursor below 0).</remarks>
internal sealed class DescribeTopicPartitionsHandler(MetadataCache metadata, Func<int> maxPartitions)
    : ApiHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(ApiKey.DescribeTopicPartitions, 0, 0)
{
    protected internal override ValueTask HandleAsync(RequestContext<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> context)
    {
        DescribeTopicPartitionsRequest request = context.Request;
        DescribeTopicPartitionsResponse response = context.Response;
        if (request.Cursor is { } start && (start.PartitionIndex < 0 || !MayStartAt(start.TopicName, request)))
        {
            foreach (DescribeTopicPartitionsRequest.TopicRequest topic in request.Topics) AddFailed(response, topic.Name, ErrorCode.InvalidRequest);
            return ValueTask.CompletedTask;
        }

        MetadataImage image = metadata.Image;
        int left = Math.Max(Math.Min(request.ResponsePartitionLimit, maxPartitions()), 1);
        foreach (string name in NamesFrom(request, image))
        {
            if (left <= 0)
            {
                SetCursor(response, name, 0);
                break;
            }

            int from = request.Cursor is { } cursor && cursor.TopicName == name ? cursor.PartitionIndex : 0;
            if (image.Topics.Find(name) is not { } topic)
            {
                AddFailed(response, name, TopicNames.Reject(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException);
                continue;
            }

            if (!AddTopic(response, image, topic, context.Connection.Listener.Name, from, ref left)) break;
        }

        return ValueTask.CompletedTask;
    }

    // A cursor comes from an earlier page of the same question.
    private static bool MayStartAt(string topic, DescribeTopicPartitionsRequest request) => request.Topics.Count == 0 || request.Topics.Any(asked => asked.Name == topic);

    // In order of name, from the cursor's topic on; an empty list means every topic.
    private static IEnumerable<string> NamesFrom(DescribeTopicPartitionsRequest request, MetadataImage image)
    {
        IEnumerable<string> names = request.Topics.Count == 0
            ? image.Topics.Ids.Keys
            : request.Topics.Select(topic => topic.Name).Distinct().Order(StringComparer.Ordinal);
        return request.Cursor is { } cursor ? names.Where(name => string.CompareOrdinal(name, cursor.TopicName) >= 0) : names;
    }

    // False when the page ends inside the topic.
    private static bool AddTopic(DescribeTopicPartitionsResponse response, MetadataImage image, TopicImage topic, string listener, int from, ref int left)
    {
        DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic answer = response.Topics.Add();
        answer.Name = topic.Name;
        answer.TopicId = topic.Id;
        answer.IsInternal = TopicNames.IsInternal(topic.Name);
        answer.TopicAuthorizedOperations = AuthorizedOperations.Topic;
        foreach ((int number, PartitionRegistration partition) in topic.Partitions)
        {
            if (number < from) continue;
            if (left-- <= 0)
            {
                SetCursor(response, topic.Name, number);
                return false;
            }

            AddPartition(answer.Partitions.Add(), image, number, partition, listener);
        }

        return true;
    }

    private static void AddPartition(
        DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition entry, MetadataImage image, int number, PartitionRegistration partition, string listener)
    {
        ErrorCode error = TopicMetadataWriter.Availability(image, partition.Leader, listener);
        entry.ErrorCode = (short)error;
        entry.PartitionIndex = number;
        entry.LeaderId = error == ErrorCode.None ? partition.Leader : PartitionRegistration.NoLeader;
        entry.LeaderEpoch = partition.LeaderEpoch;
        TopicMetadataWriter.AddAll(entry.ReplicaNodes, partition.Replicas);
        TopicMetadataWriter.AddAll(entry.IsrNodes, partition.Isr);
        // Clients take null for a broker that knows nothing of eligible leader replicas.
        TopicMetadataWriter.AddAll(entry.EligibleLeaderReplicas = [], partition.Elr);
        TopicMetadataWriter.AddAll(entry.LastKnownElr = [], partition.LastKnownElr);
        TopicMetadataWriter.AddOffline(entry.OfflineReplicas, image, partition, listener);
    }

    private static void AddFailed(DescribeTopicPartitionsResponse response, string name, ErrorCode error)
    {
        DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic answer = response.Topics.Add();
        answer.ErrorCode = (short)error;
        answer.Name = name;
        answer.IsInternal = TopicNames.IsInternal(name);
        // What may be done to a topic does not hang on whether there is one.
        if (error == ErrorCode.UnknownTopicOrPartition) answer.TopicAuthorizedOperations = AuthorizedOperations.Topic;
    }

    private static void SetCursor(DescribeTopicPartitionsResponse response, string topic, int partition) =>
        response.NextCursor = new DescribeTopicPartitionsResponse.Cursor { TopicName = topic, PartitionIndex = partition };
}
