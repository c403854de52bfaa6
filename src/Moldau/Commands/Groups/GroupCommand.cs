using System.CommandLine;

namespace Moldau.Commands.Groups;

/// <summary><c>moldau group</c>.</summary>
internal static class GroupCommand
{
    public static Command Create() => Session.AddTo(new Command("group", "Consumer groups: list, describe, members, reset offsets, delete.")
    {
        GroupListCommand.Create(),
        GroupDescribeCommand.Create(),
        GroupMembersCommand.Create(),
        GroupResetCommand.Create(),
        GroupForgetCommand.Create(),
        GroupDeleteCommand.Create(),
    });
}
