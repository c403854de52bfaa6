using System.Text;
using Moldau.Client.Producing;
using Moldau.Protocol;

namespace Moldau.Client.Tests;

/// <summary>Topics with records in them.</summary>
internal static class TestTopics
{
    /// <summary>Partitions of a topic that a test cluster creates by itself.</summary>
    public const int Partitions = 3;

    /// <summary>Writes values 0, 1, 2… into partitions 0, 1, 2, 0… and gives the topic's name.</summary>
    public static async Task<string> FilledAsync(KafkaClient client, int count, CancellationToken cancellation)
    {
        string topic = Names.New("topic");
        await using var producer = new Producer(client);
        for (int i = 0; i < count; i++)
        {
            await producer.SendAsync(new ProducerRecord(topic, Encoding.ASCII.GetBytes($"{i}")) { Partition = i % Partitions, Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1000 + i) }, cancellation);
        }

        await producer.FlushAsync(cancellation);
        return topic;
    }

    public static IEnumerable<TopicPartition> PartitionsOf(string topic) => Enumerable.Range(0, Partitions).Select(number => new TopicPartition(topic, number));
}
