using System.CommandLine;
using System.Text;
using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Client.Consuming;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Records;

/// <summary><c>moldau consume</c>.</summary>
internal static class ConsumeCommand
{
    private static readonly Argument<string> Topic = new("TOPIC") { Description = "Where from." };
    private static readonly Option<int[]> Partitions = new("--partition", "-p") { Description = "Only this partition; repeatable.", HelpName = "N", DefaultValueFactory = static _ => [] };
    private static readonly Option<string?> From = new("--from") { Description = $"Where to begin: {OffsetText.Forms}. The end otherwise.", HelpName = "PLACE" };
    private static readonly Option<bool> Beginning = new("--from-beginning") { Description = "The same as --from beginning." };
    private static readonly Option<string?> Group = new("--group", "-g") { Description = "Read as a member of a group, which remembers how far it is.", HelpName = "GROUP" };
    private static readonly Option<long?> Max = new("--max", "-n") { Description = "End after so many records.", HelpName = "N" };
    private static readonly Option<string> Format = new("--format", "-o") { Description = "value, key-value, json (one object a line) or raw (values with nothing between).", HelpName = "FORMAT", DefaultValueFactory = static _ => "value" };
    private static readonly Option<string> KeySeparator = new("--key-separator", "-K") { Description = "What stands between key and value.", HelpName = "TEXT", DefaultValueFactory = static _ => "\t" };
    private static readonly Option<bool> ExitAtEnd = new("--exit-at-end", "-e") { Description = "End where the log ends now, instead of waiting for more." };
    private static readonly Option<bool> Committed = new("--read-committed") { Description = "Nothing of transactions that are open or were aborted." };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("value", "key-value", "json", "raw");
        var command = new Command("consume", "Print records.") { Topic, Partitions, From, Beginning, Group, Max, Format, KeySeparator, ExitAtEnd, Committed };
        return Session.Run(Session.AddTo(command), RunAsync).WithExamples(
            "moldau consume lines --from beginning --exit-at-end",
            "moldau consume lines --group readers",
            "moldau consume lines --from 2026-01-31T12:00:00Z --format json --max 10");
    }

    private static async Task<int> RunAsync(Session session)
    {
        ParseResult parsed = session.Parsed;
        string topic = parsed.GetValue(Topic)!;
        OffsetText? from = parsed.GetValue(Beginning) ? new OffsetText(null, OffsetSpec.Earliest) : parsed.GetValue(From) is { } text ? OffsetText.Parse("--from", text) : null;
        if (parsed.GetValue(Group) is not null && parsed.GetValue(Partitions)!.Length > 0) throw new UsageException("--partition does not go with --group: the group deals the partitions out");
        await using var consumer = new Consumer(session.Client, OptionsOf(parsed, from));
        var run = new ConsumeRun(session, consumer, FormatOf(session), parsed.GetValue(Max) ?? long.MaxValue);
        if (parsed.GetValue(Group) is not null) consumer.Subscribe([topic]);
        else await AssignAsync(session, consumer, topic, from);
        return await run.RunAsync(parsed.GetValue(ExitAtEnd) ? await EndsAsync(session, topic) : null);
    }

    private static ConsumerOptions OptionsOf(ParseResult parsed, OffsetText? from) => new()
    {
        GroupId = parsed.GetValue(Group),
        // In a group the place counts where nothing is committed yet.
        OffsetReset = from?.Spec == OffsetSpec.Earliest ? OffsetReset.Earliest : OffsetReset.Latest,
        IsolationLevel = parsed.GetValue(Committed) ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
        AllowTopicCreation = false,
        PollRecordsMax = 5000,
    };

    private static async Task AssignAsync(Session session, Consumer consumer, string topic, OffsetText? from)
    {
        TopicMetadata found = (await session.Admin.Topics.DescribeAsync([topic], session.Stop))[0];
        if (found.Error != ErrorCode.None) throw new Client.KafkaException(found.Error, $"topic '{topic}': {found.Error.KafkaName()}");
        int[] wanted = session.Parsed.GetValue(Partitions)!;
        List<TopicPartition> partitions = [.. (wanted.Length > 0 ? wanted : found.Partitions.Select(static partition => partition.Number)).Select(number => new TopicPartition(topic, number))];
        foreach (TopicPartition partition in partitions)
        {
            if (found.Partition(partition.Partition) is null) throw new UsageException($"--partition {partition.Partition}: topic '{topic}' has {found.Partitions.Count} partitions");
        }

        consumer.Assign(partitions);
        foreach (TopicPartition partition in partitions)
        {
            if (from?.Offset is { } offset) consumer.Seek(partition, offset);
            else consumer.Seek(partition, from?.Spec ?? OffsetSpec.Latest);
        }
    }

    private static async Task<Dictionary<TopicPartition, long>> EndsAsync(Session session, string topic)
    {
        TopicMetadata found = (await session.Admin.Topics.DescribeAsync([topic], session.Stop))[0];
        IReadOnlyList<ListedOffset> ends = await session.Admin.Partitions.ListOffsetsAsync(
            found.Partitions.Select(partition => new TopicPartition(topic, partition.Number)),
            OffsetSpec.Latest,
            session.Parsed.GetValue(Committed) ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
            session.Stop);
        return ends.ToDictionary(static end => end.Partition, static end => end.Offset);
    }

    private static RecordPrinter FormatOf(Session session)
    {
        string format = session.Json ? "json" : session.Parsed.GetValue(Format)!;
        return new RecordPrinter(format, Encoding.UTF8.GetBytes(session.Parsed.GetValue(KeySeparator)!));
    }
}
