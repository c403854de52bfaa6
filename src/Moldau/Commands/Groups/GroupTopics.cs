using System.Globalization;
using Moldau.Client.Clusters;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Groups;

/// <summary>Partitions as <c>TOPIC</c> or <c>TOPIC:0,2</c>.</summary>
internal static class GroupTopics
{
    public const string Form = "TOPIC[:N,N]";

    public static async Task<List<TopicPartition>> ExpandAsync(Session session, IEnumerable<string> texts)
    {
        List<TopicPartition> partitions = [];
        foreach (string text in texts)
        {
            int colon = text.LastIndexOf(':');
            string topic = colon < 0 ? text : text[..colon];
            TopicMetadata found = (await session.Admin.Topics.DescribeAsync([topic], session.Stop))[0];
            if (found.Error != ErrorCode.None) throw new Client.KafkaException(found.Error, $"topic '{topic}': {found.Error.KafkaName()}");
            IEnumerable<int> numbers = colon < 0 ? found.Partitions.Select(static partition => partition.Number) : text[(colon + 1)..].Split(',').Select(number => Parse(text, number));
            partitions.AddRange(numbers.Select(number => new TopicPartition(topic, number)));
        }

        return partitions;
    }

    private static int Parse(string text, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int partition) ? partition : throw new UsageException($"--topic {text}: {Form} is needed");
}
