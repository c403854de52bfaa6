using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Commands.Groups;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic trim</c>.</summary>
internal static class TopicTrimCommand
{
    private const long HighWatermark = -1;
    private static readonly Argument<string[]> Topics = new("TOPIC") { Description = $"The topics or partitions: {GroupTopics.Form}.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Before = new("--before") { Description = $"Where the log is to begin: {OffsetText.Forms}.", HelpName = "PLACE", Required = true };

    public static Command Create() => Session.Run(new Command("trim", "Delete the oldest records of partitions, for good.") { Topics, Before }, RunAsync).WithExamples(
        "moldau topic trim lines --before 2026-01-31T12:00:00Z",
        "moldau topic trim lines:0,2 --before end");

    private static async Task<int> RunAsync(Session session)
    {
        OffsetText place = OffsetText.Parse("--before", session.Parsed.GetValue(Before)!);
        List<TopicPartition> partitions = await GroupTopics.ExpandAsync(session, session.Parsed.GetValue(Topics)!);
        Dictionary<TopicPartition, long> before = await PlacesAsync(session, partitions, place);
        var listing = new Listing(new("Topic", "topic"), new("Partition", "partition", true), new("Begins at", "begins", true), new("Error", "error"));
        int code = ExitCode.Success;
        IReadOnlyList<ListedOffset> done = await session.Admin.Partitions.DeleteRecordsAsync(before, session.Stop);
        foreach (ListedOffset each in done.OrderBy(static each => each.Partition.Topic, StringComparer.Ordinal).ThenBy(static each => each.Partition.Partition))
        {
            bool failed = each.Error != ErrorCode.None;
            listing.Add(each.Partition.Topic, each.Partition.Partition, failed ? null : each.Offset, failed ? each.Error.KafkaName() : null);
            if (!failed) continue;
            code = ExitCode.Failure;
            Terminal.Error($"{each.Partition}: {Explain(each.Error)}");
        }

        listing.Write(session.Json);
        return code;
    }

    // A time is looked up; where no record is that new, all records are older.
    private static async Task<Dictionary<TopicPartition, long>> PlacesAsync(Session session, List<TopicPartition> partitions, OffsetText place)
    {
        if (place.Offset is { } offset) return partitions.ToDictionary(static partition => partition, _ => offset);
        if (place.Spec == OffsetSpec.Latest) return partitions.ToDictionary(static partition => partition, _ => HighWatermark);
        IReadOnlyList<ListedOffset> found = await session.Admin.Partitions.ListOffsetsAsync(partitions, place.Spec!.Value, cancellation: session.Stop);
        return found.ToDictionary(static each => each.Partition, static each => each.Error == ErrorCode.None ? each.Offset
            : throw new Client.KafkaException(each.Error, $"offset of {each.Partition}: {each.Error.KafkaName()}"));
    }

    private static string Explain(ErrorCode error) => error switch
    {
        ErrorCode.PolicyViolation => "the topic is compacted only: records can be deleted where cleanup.policy has 'delete'",
        ErrorCode.OffsetOutOfRange => "the offset lies behind the end of what is committed",
        _ => error.KafkaName(),
    };
}
