using System.Diagnostics.CodeAnalysis;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>What consumers of a group tell each other through the classic protocol: subscriptions and assignments.</summary>
internal static class ConsumerProtocol
{
    /// <summary>The protocol type of consumers.</summary>
    public const string Type = "consumer";

    /// <summary>The version written: the last one, which others read as far as they know it.</summary>
    private const short Version = 3;

    public static byte[] WriteSubscription(IEnumerable<string> topics, IEnumerable<TopicPartition> owned, int generation, string? rack)
    {
        var subscription = new ConsumerProtocolSubscription { GenerationId = generation, RackId = rack };
        foreach (string topic in topics.Order(StringComparer.Ordinal)) subscription.Topics.Add(topic);
        foreach (IGrouping<string, TopicPartition> topic in ByTopic(owned))
        {
            ConsumerProtocolSubscription.TopicPartition entry = subscription.OwnedPartitions.Add();
            entry.Topic = topic.Key;
            foreach (TopicPartition partition in topic) entry.Partitions.Add(partition.Partition);
        }

        return Write(subscription);
    }

    /// <summary>Reads a subscription.</summary>
    /// <exception cref="WireFormatException">It is none.</exception>
    public static ConsumerProtocolSubscription ReadSubscription(byte[] bytes)
    {
        var subscription = new ConsumerProtocolSubscription();
        RecordFraming.ReadConsumerProtocol(bytes, subscription);
        return subscription;
    }

    public static byte[] WriteAssignment(IEnumerable<TopicPartition> partitions)
    {
        var assignment = new ConsumerProtocolAssignment();
        foreach (IGrouping<string, TopicPartition> topic in ByTopic(partitions))
        {
            ConsumerProtocolAssignment.TopicPartition entry = assignment.AssignedPartitions.Add();
            entry.Topic = topic.Key;
            foreach (TopicPartition partition in topic) entry.Partitions.Add(partition.Partition);
        }

        return Write(assignment);
    }

    /// <summary>Reads an assignment; nothing at all is an empty one. False for other bytes.</summary>
    public static bool TryReadAssignment(byte[] bytes, [NotNullWhen(true)] out IReadOnlyList<TopicPartition>? partitions)
    {
        partitions = null;
        if (bytes.Length == 0)
        {
            partitions = [];
            return true;
        }

        var assignment = new ConsumerProtocolAssignment();
        try
        {
            RecordFraming.ReadConsumerProtocol(bytes, assignment);
        }
        catch (WireFormatException)
        {
            return false;
        }

        partitions = [.. from topic in assignment.AssignedPartitions
                         from partition in topic.Partitions
                         select new TopicPartition(topic.Topic, partition)];
        return true;
    }

    private static IOrderedEnumerable<IGrouping<string, TopicPartition>> ByTopic(IEnumerable<TopicPartition> partitions) =>
        partitions.OrderBy(static each => each.Partition).GroupBy(static each => each.Topic).OrderBy(static topic => topic.Key, StringComparer.Ordinal);

    private static byte[] Write(IMessage message)
    {
        using var writer = new WireWriter();
        RecordFraming.WriteVersioned(writer, message, Version);
        return writer.ToArray();
    }
}
