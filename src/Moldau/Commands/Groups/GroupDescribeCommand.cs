using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Groups;

/// <summary><c>moldau group describe</c>.</summary>
internal static class GroupDescribeCommand
{
    private static readonly Argument<string> Name = new("GROUP") { Description = "The group." };

    public static Command Create() => Session.Run(new Command("describe", "Show how far a group is in each partition, and how far behind.") { Name }, RunAsync)
        .WithExamples("moldau group describe readers", "moldau group describe readers --json | jq '[.partitions[].lag] | add'");

    private static async Task<int> RunAsync(Session session)
    {
        string name = session.Parsed.GetValue(Name)!;
        GroupDescription group = await session.Admin.Groups.DescribeAsync(name, session.Stop);
        IReadOnlyList<CommittedOffset> committed = await session.Admin.Groups.OffsetsAsync(name, cancellation: session.Stop);
        if (group.Error != ErrorCode.None && group.Error != ErrorCode.GroupIdNotFound) throw new Client.KafkaException(group.Error, $"group '{name}': {group.Error.KafkaName()}");
        if (committed.Count == 0 && group.Members.Count == 0 && group.State is "Dead" or "")
        {
            Terminal.Error($"group '{name}' does not exist");
            return ExitCode.Failure;
        }

        Listing partitions = await PartitionsAsync(session, group, committed);
        if (session.Json)
        {
            JsonText.Write(new JsonObject
            {
                ["group"] = name,
                ["state"] = group.State,
                ["protocol"] = group.Protocol,
                ["coordinator"] = group.Coordinator,
                ["members"] = group.Members.Count,
                ["partitions"] = partitions.ToJson(),
            });
            return ExitCode.Success;
        }

        Console.Out.WriteLine($"Group {name}  {group.State}  {group.Members.Count} members  assignor {(group.Protocol.Length > 0 ? group.Protocol : "-")}  coordinator {group.Coordinator}");
        partitions.WriteText();
        return ExitCode.Success;
    }

    private static async Task<Listing> PartitionsAsync(Session session, GroupDescription group, IReadOnlyList<CommittedOffset> committed)
    {
        Dictionary<TopicPartition, MemberDescription> owners = [];
        foreach (MemberDescription member in group.Members)
        {
            foreach (TopicPartition partition in member.Assignment) owners[partition] = member;
        }

        Dictionary<TopicPartition, long> offsets = committed.ToDictionary(static each => each.Partition, static each => each.Offset);
        List<TopicPartition> all = [.. offsets.Keys.Union(owners.Keys).OrderBy(static each => each.Topic, StringComparer.Ordinal).ThenBy(static each => each.Partition)];
        Dictionary<TopicPartition, long> ends = (await session.Admin.Partitions.ListOffsetsAsync(all, OffsetSpec.Latest, cancellation: session.Stop))
            .Where(static end => end.Error == ErrorCode.None).ToDictionary(static end => end.Partition, static end => end.Offset);
        var listing = new Listing(
            new("Topic", "topic"), new("Partition", "partition", true), new("Committed", "committed", true), new("End", "end", true), new("Lag", "lag", true),
            new("Member", "member"), new("Client", "clientId"), new("Host", "host"));
        foreach (TopicPartition partition in all)
        {
            long? at = offsets.TryGetValue(partition, out long offset) && offset >= 0 ? offset : null;
            long? end = ends.TryGetValue(partition, out long last) ? last : null;
            MemberDescription? owner = owners.GetValueOrDefault(partition);
            listing.Add(partition.Topic, partition.Partition, at, end, end - at, owner?.Id, owner?.ClientId, owner?.Host);
        }

        return listing;
    }
}
