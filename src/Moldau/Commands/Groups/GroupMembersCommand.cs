using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands.Groups;

/// <summary><c>moldau group members</c>.</summary>
internal static class GroupMembersCommand
{
    private static readonly Argument<string> Name = new("GROUP") { Description = "The group." };

    public static Command Create() => Session.Run(new Command("members", "Show the members of a group and what each reads.") { Name }, RunAsync)
        .WithExamples("moldau group members readers");

    private static async Task<int> RunAsync(Session session)
    {
        GroupDescription group = await session.Admin.Groups.DescribeAsync(session.Parsed.GetValue(Name)!, session.Stop);
        var listing = new Listing(new("Member", "member"), new("Instance", "instanceId"), new("Client", "clientId"), new("Host", "host"), new("Partitions", "partitions"));
        foreach (MemberDescription member in group.Members)
        {
            listing.Add(member.Id, member.InstanceId, member.ClientId, member.Host, JsonText.Array(member.Assignment.Select(static partition => partition.ToString())));
        }

        if (listing.Count == 0 && !session.Json) Console.Error.WriteLine($"Group '{group.Id}' has no members.");
        else listing.Write(session.Json);
        return ExitCode.Success;
    }
}
