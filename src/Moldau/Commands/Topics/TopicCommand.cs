using System.CommandLine;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic</c>.</summary>
internal static class TopicCommand
{
    public static Command Create() => Session.AddTo(new Command("topic", "Topics: list, create, describe, change, trim, delete, elect leaders, move.")
    {
        TopicListCommand.Create(),
        TopicCreateCommand.Create(),
        TopicDescribeCommand.Create(),
        TopicAlterCommand.Create(),
        TopicTrimCommand.Create(),
        TopicDeleteCommand.Create(),
        TopicElectCommand.Create(),
        TopicMoveCommand.Create(),
        TopicMovesCommand.Create(),
    });
}
