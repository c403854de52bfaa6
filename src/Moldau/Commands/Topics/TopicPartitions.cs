using Moldau.Client;
using Moldau.Client.Clusters;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary>The partitions that a topic has.</summary>
internal static class TopicPartitions
{
    /// <exception cref="KafkaException">There is no such topic.</exception>
    public static async Task<IReadOnlyList<TopicPartition>> OfAsync(Session session, string topic)
    {
        TopicMetadata described = (await session.Admin.Topics.DescribeAsync([topic], session.Stop))[0];
        if (described.Error != ErrorCode.None) throw new KafkaException(described.Error, $"topic '{topic}': {described.Error.KafkaName()}");
        return [.. Enumerable.Range(0, described.Partitions.Count).Select(number => new TopicPartition(topic, number))];
    }
}
