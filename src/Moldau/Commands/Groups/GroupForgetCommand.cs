using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Protocol;

namespace Moldau.Commands.Groups;

/// <summary><c>moldau group forget</c>.</summary>
internal static class GroupForgetCommand
{
    private static readonly Argument<string> Name = new("GROUP") { Description = "The group." };
    private static readonly Option<string[]> Topics = new("--topic", "-t") { Description = "Of which partitions; repeatable. No member may be subscribed to the topic.", HelpName = GroupTopics.Form, Required = true };

    public static Command Create() => Session.Run(new Command("forget", "Forget a group's committed offsets of some partitions.") { Name, Topics }, RunAsync)
        .WithExamples("moldau group forget readers --topic old-lines");

    private static async Task<int> RunAsync(Session session)
    {
        var outcomes = new Outcomes(session.Json, "forgot");
        List<TopicPartition> partitions = await GroupTopics.ExpandAsync(session, session.Parsed.GetValue(Topics)!);
        foreach (CommittedOffset each in await session.Admin.Groups.DeleteOffsetsAsync(session.Parsed.GetValue(Name)!, partitions, session.Stop))
        {
            outcomes.Add(each.Partition.ToString(), each.Error, null);
        }

        return outcomes.End();
    }
}
