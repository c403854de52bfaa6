using Microsoft.Extensions.Logging;
using Moldau.Broker.Partitions;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Controllers;

/// <summary>
/// Creates topics that clients name and that do not exist, and internal topics when they are first needed. A topic whose creation is under way is not asked for twice. Thread-safe.
/// </summary>
internal sealed class TopicAutoCreation(IControllerChannel controller, NodeOptions options, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Waiter>> underWay = new(StringComparer.Ordinal);

    /// <summary>
    /// Begins to create a topic where <c>auto.create.topics.enable</c> allows it. Always UNKNOWN_TOPIC_OR_PARTITION: the client asks again and then finds it.
    /// </summary>
    public ErrorCode Begin(string topic)
    {
        if (options.AutoCreateTopics || TopicNames.IsInternal(topic)) BeginCreation(topic, null);
        return ErrorCode.UnknownTopicOrPartition;
    }

    /// <summary>Begins to create an internal topic; wakes the waiter once that has succeeded, and this broker has published it, or has failed.</summary>
    public void Begin(string topic, Waiter waiter) => BeginCreation(topic, waiter);

    private void BeginCreation(string topic, Waiter? waiter)
    {
        lock (gate)
        {
            bool isUnderWay = underWay.TryGetValue(topic, out List<Waiter>? waiting);
            if (!isUnderWay && underWay.Count < Limits.TopicsCreatedAtOnce) underWay.Add(topic, waiting = []);
            if (waiter is not null && waiting is not null) waiting.Add(waiter);
            else waiter?.TryEnd(false);
            if (isUnderWay || waiting is null) return;
        }

        _ = CreateAsync(topic);
    }

    private async Task CreateAsync(string topic)
    {
        try
        {
            var request = new CreateTopicsRequest { TimeoutMs = options.RequestTimeoutMs };
            Describe(request.Topics.Add(), topic);
            CreateTopicsResponse? response = await controller.CreateTopicsAsync(request);
            if (response is null) return;
            foreach (CreateTopicsResponse.CreatableTopicResult result in response.Topics)
            {
                var error = (ErrorCode)result.ErrorCode;
                if (error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists)) logger.AutoCreationFailed(topic, error.KafkaName(), result.ErrorMessage ?? "");
            }
        }
        finally
        {
            List<Waiter>? waiting;
            lock (gate) underWay.Remove(topic, out waiting);
            foreach (Waiter waiter in waiting!) waiter.TryEnd(true);
        }
    }

    private void Describe(CreateTopicsRequest.CreatableTopic topic, string name)
    {
        topic.Name = name;
        topic.NumPartitions = -1;
        topic.ReplicationFactor = -1;
        if (name != TopicNames.ConsumerOffsets) return;
        topic.NumPartitions = options.OffsetsTopicPartitions;
        topic.ReplicationFactor = options.OffsetsTopicReplicationFactor;
        Set(topic, "cleanup.policy", "compact");
        Set(topic, "segment.bytes", options.OffsetsTopicSegmentBytes.ToString());
        Set(topic, "compression.type", "producer");
    }

    private static void Set(CreateTopicsRequest.CreatableTopic topic, string name, string value)
    {
        CreateTopicsRequest.CreatableTopicConfig config = topic.Configs.Add();
        config.Name = name;
        config.Value = value;
    }
}
