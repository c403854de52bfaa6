using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands.Groups;

/// <summary><c>moldau group list</c>.</summary>
internal static class GroupListCommand
{
    public static Command Create() => Session.Run(new Command("list", "List the groups."), RunAsync).WithExamples("moldau group list");

    private static async Task<int> RunAsync(Session session)
    {
        var listing = new Listing(new("Group", "group"), new("State", "state"), new("Type", "type"), new("Protocol", "protocolType"), new("Coordinator", "coordinator", true));
        foreach (GroupListing group in await session.Admin.Groups.ListAsync(session.Stop)) listing.Add(group.Id, group.State, group.Type, group.ProtocolType, group.Coordinator);
        if (listing.Count == 0 && !session.Json) Console.Error.WriteLine("There are no groups.");
        else listing.Write(session.Json);
        return ExitCode.Success;
    }
}
