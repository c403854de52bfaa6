using System.CommandLine;
using Moldau.Client.Admin;

namespace Moldau.Commands.Groups;

/// <summary><c>moldau group delete</c>.</summary>
internal static class GroupDeleteCommand
{
    private static readonly Argument<string[]> Names = new("GROUP") { Description = "The groups, with their offsets; they must have no members.", Arity = ArgumentArity.OneOrMore };

    public static Command Create() => Session.Run(new Command("delete", "Delete groups with their offsets.") { Names }, RunAsync).WithExamples("moldau group delete readers");

    private static async Task<int> RunAsync(Session session)
    {
        var outcomes = new Outcomes(session.Json, "deleted");
        foreach (string name in session.Parsed.GetValue(Names)!)
        {
            ItemResult result = await session.Admin.Groups.DeleteAsync(name, session.Stop);
            outcomes.Add(result.Name, result.Error, result.Message);
        }

        return outcomes.End();
    }
}
