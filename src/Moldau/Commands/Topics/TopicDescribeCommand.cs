using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic describe</c>.</summary>
internal static class TopicDescribeCommand
{
    private static readonly Argument<string[]> Names = new("NAME") { Description = "The topics.", Arity = ArgumentArity.OneOrMore };

    public static Command Create() => Session.Run(new Command("describe", "Show partitions, leaders, offsets and what is configured.") { Names }, RunAsync)
        .WithExamples("moldau topic describe lines");

    private static async Task<int> RunAsync(Session session)
    {
        int code = ExitCode.Success;
        var all = new JsonArray();
        foreach (TopicMetadata topic in await session.Admin.Topics.DescribeAsync(session.Parsed.GetValue(Names)!, session.Stop))
        {
            if (topic.Error != ErrorCode.None)
            {
                Terminal.Error($"topic '{topic.Name}': {topic.Error.KafkaName()}");
                code = ExitCode.Failure;
                continue;
            }

            Listing partitions = await PartitionsAsync(session, topic);
            List<ConfigEntry> configs = [.. (await session.Admin.Configs.DescribeAsync(new ConfigResource(ConfigResourceType.Topic, topic.Name), cancellation: session.Stop))
                .Where(static entry => entry.Source == ConfigSource.DynamicTopic)];
            if (session.Json) all.Add((JsonNode)ToJson(topic, partitions, configs));
            else Write(topic, partitions, configs);
        }

        if (session.Json) JsonText.Write(all);
        return code;
    }

    private static async Task<Listing> PartitionsAsync(Session session, TopicMetadata topic)
    {
        var listing = new Listing(
            new("Partition", "partition", true), new("Leader", "leader", true), new("Epoch", "leaderEpoch", true), new("Replicas", "replicas"), new("In sync", "isr"),
            new("Begin", "beginOffset", true), new("End", "endOffset", true));
        TopicPartition[] all = [.. topic.Partitions.Where(static partition => partition.LeaderId >= 0).Select(partition => new TopicPartition(topic.Name, partition.Number))];
        Dictionary<int, long> begins = await OffsetsAsync(session, all, OffsetSpec.Earliest), ends = await OffsetsAsync(session, all, OffsetSpec.Latest);
        foreach (PartitionMetadata partition in topic.Partitions)
        {
            listing.Add(
                partition.Number, partition.LeaderId, partition.LeaderEpoch, JsonText.Array(partition.Replicas), JsonText.Array(partition.Isr),
                begins.TryGetValue(partition.Number, out long begin) ? begin : null, ends.TryGetValue(partition.Number, out long end) ? end : null);
        }

        return listing;
    }

    private static async Task<Dictionary<int, long>> OffsetsAsync(Session session, TopicPartition[] partitions, OffsetSpec spec) =>
        (await session.Admin.Partitions.ListOffsetsAsync(partitions, spec, cancellation: session.Stop))
            .Where(static each => each.Error == ErrorCode.None).ToDictionary(static each => each.Partition.Partition, static each => each.Offset);

    private static void Write(TopicMetadata topic, Listing partitions, List<ConfigEntry> configs)
    {
        Console.Out.WriteLine($"Topic {topic.Name}  id {topic.Id}{(topic.IsInternal ? "  internal" : "")}");
        foreach (ConfigEntry entry in configs) Console.Out.WriteLine($"  {entry.Name}={entry.Value}");
        partitions.WriteText();
    }

    private static JsonObject ToJson(TopicMetadata topic, Listing partitions, List<ConfigEntry> configs)
    {
        var set = new JsonObject();
        foreach (ConfigEntry entry in configs) set.Add(entry.Name, entry.Value);
        return new JsonObject { ["name"] = topic.Name, ["id"] = topic.Id.ToString(), ["internal"] = topic.IsInternal, ["configs"] = set, ["partitions"] = partitions.ToJson() };
    }
}
