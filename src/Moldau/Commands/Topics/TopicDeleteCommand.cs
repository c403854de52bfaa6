using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic delete</c>.</summary>
internal static class TopicDeleteCommand
{
    private static readonly Argument<string[]> Names = new("NAME") { Description = "The topics, with all their records.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> IfExists = new("--if-exists") { Description = "A topic that does not exist is no error." };

    public static Command Create() => Session.Run(new Command("delete", "Delete topics with all their records.") { Names, IfExists }, RunAsync)
        .WithExamples("moldau topic delete lines");

    private static async Task<int> RunAsync(Session session)
    {
        var outcomes = new Outcomes(session.Json, "deleted");
        foreach (ItemResult result in await session.Admin.Topics.DeleteAsync(session.Parsed.GetValue(Names)!, session.Stop))
        {
            if (result.Error == ErrorCode.UnknownTopicOrPartition && session.Parsed.GetValue(IfExists)) outcomes.AddUnchanged(result.Name, "does not exist");
            else outcomes.Add(result.Name, result.Error, result.Message);
        }

        return outcomes.End();
    }
}
