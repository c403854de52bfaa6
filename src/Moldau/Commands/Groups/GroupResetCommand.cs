using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Groups;

/// <summary><c>moldau group reset</c>.</summary>
internal static class GroupResetCommand
{
    private static readonly Argument<string> Name = new("GROUP") { Description = "The group; it must have no members." };
    private static readonly Option<string[]> Topics = new("--topic", "-t") { Description = "Of which partitions; repeatable. All that have a committed offset otherwise.", HelpName = GroupTopics.Form, DefaultValueFactory = static _ => [] };
    private static readonly Option<string> To = new("--to") { Description = $"Where to: {OffsetText.Forms}.", HelpName = "PLACE", Required = true };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only show what would be set." };

    public static Command Create() => Session.Run(new Command("reset", "Move a group's committed offsets.") { Name, Topics, To, DryRun }, RunAsync).WithExamples(
        "moldau group reset readers --to beginning --dry-run",
        "moldau group reset readers --topic lines:0,2 --to 2026-01-31T12:00:00Z");

    private static async Task<int> RunAsync(Session session)
    {
        ParseResult parsed = session.Parsed;
        string group = parsed.GetValue(Name)!;
        OffsetText place = OffsetText.Parse("--to", parsed.GetValue(To)!);
        Dictionary<TopicPartition, long> old = (await session.Admin.Groups.OffsetsAsync(group, cancellation: session.Stop)).ToDictionary(static each => each.Partition, static each => each.Offset);
        string[] topics = parsed.GetValue(Topics)!;
        List<TopicPartition> partitions = topics.Length > 0 ? await GroupTopics.ExpandAsync(session, topics) : [.. old.Keys];
        if (partitions.Count == 0) throw new UsageException($"group '{group}' has committed nothing: name partitions with --topic");
        List<CommittedOffset> wanted = await WantedAsync(session, partitions, place);
        bool dryRun = parsed.GetValue(DryRun);
        IReadOnlyList<CommittedOffset> done = dryRun ? wanted : await session.Admin.Groups.AlterOffsetsAsync(group, wanted, session.Stop);
        var listing = new Listing(new("Topic", "topic"), new("Partition", "partition", true), new("Before", "before", true), new("After", "after", true), new("Error", "error"));
        foreach (CommittedOffset each in done.OrderBy(static each => each.Partition.Topic, StringComparer.Ordinal).ThenBy(static each => each.Partition.Partition))
        {
            long? before = old.TryGetValue(each.Partition, out long offset) && offset >= 0 ? offset : null;
            listing.Add(each.Partition.Topic, each.Partition.Partition, before, each.Offset, each.Error == ErrorCode.None ? null : each.Error.KafkaName());
        }

        listing.Write(session.Json);
        if (dryRun && Terminal.HasReader) Console.Error.WriteLine("Nothing was changed: leave --dry-run away to do it.");
        if (done.FirstOrDefault(static each => each.Error != ErrorCode.None) is not { } failed) return ExitCode.Success;
        Terminal.Error(failed.Error == ErrorCode.UnknownMemberId ? $"group '{group}' has members: stop its consumers first" : $"{failed.Partition}: {failed.Error.KafkaName()}");
        return ExitCode.Failure;
    }

    private static async Task<List<CommittedOffset>> WantedAsync(Session session, List<TopicPartition> partitions, OffsetText place)
    {
        IReadOnlyList<ListedOffset> begins = await session.Admin.Partitions.ListOffsetsAsync(partitions, OffsetSpec.Earliest, cancellation: session.Stop);
        IReadOnlyList<ListedOffset> ends = await session.Admin.Partitions.ListOffsetsAsync(partitions, OffsetSpec.Latest, cancellation: session.Stop);
        Dictionary<TopicPartition, long> first = begins.ToDictionary(static each => each.Partition, Require), last = ends.ToDictionary(static each => each.Partition, Require);
        // An offset is brought into the log, as a consumer would be thrown back to it.
        if (place.Offset is { } offset) return [.. partitions.Select(partition => new CommittedOffset(partition, Math.Clamp(offset, first[partition], last[partition])))];
        IReadOnlyList<ListedOffset> found = await session.Admin.Partitions.ListOffsetsAsync(partitions, place.Spec!.Value, cancellation: session.Stop);
        return [.. found.Select(each => new CommittedOffset(each.Partition, Require(each) >= 0 ? each.Offset : last[each.Partition]))];
    }

    private static long Require(ListedOffset offset) =>
        offset.Error == ErrorCode.None ? offset.Offset : throw new Client.KafkaException(offset.Error, $"offset of {offset.Partition}: {offset.Error.KafkaName()}");
}
