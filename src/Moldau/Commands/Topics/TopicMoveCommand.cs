using System.CommandLine;
using System.Globalization;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic move</c>.</summary>
internal static class TopicMoveCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The topic." };
    private static readonly Option<int[]> Partitions = new("--partition", "-p") { Description = "A partition of it; repeatable; all otherwise.", HelpName = "N", DefaultValueFactory = static _ => [] };
    private static readonly Option<string?> Replicas = new("--replicas", "-r") { Description = "The brokers that it shall be on, the preferred leader first.", HelpName = "ID,..." };
    private static readonly Option<bool> Cancel = new("--cancel") { Description = "Give up the moves that are under way." };
    private static readonly Option<bool> KeepFactor = new("--keep-factor") { Description = "Refuse a different number of replicas." };

    public static Command Create() => Session.Run(new Command("move", "Move partitions to other brokers; the moves go on after the command has ended.") { Name, Partitions, Replicas, Cancel, KeepFactor }, RunAsync)
        .WithExamples("moldau topic move lines --replicas 2,3", "moldau topic move lines --partition 0 --cancel", "moldau topic moves");

    private static async Task<int> RunAsync(Session session)
    {
        string topic = session.Parsed.GetValue(Name)!;
        bool cancels = session.Parsed.GetValue(Cancel);
        string? given = session.Parsed.GetValue(Replicas);
        if (cancels == given is not null) throw new UsageException("give --replicas, or --cancel");
        IReadOnlyList<int>? replicas = given is null ? null : ReadIds(given);
        int[] numbers = session.Parsed.GetValue(Partitions)!;
        IReadOnlyList<TopicPartition> partitions = numbers.Length > 0
            ? [.. numbers.Distinct().Select(number => new TopicPartition(topic, number))]
            : await TopicPartitions.OfAsync(session, topic);
        var outcomes = new Outcomes(session.Json, cancels ? "stays" : "moving");
        foreach (PartitionResult result in await session.Admin.Replicas.ReassignAsync(partitions.ToDictionary(static each => each, _ => replicas), !session.Parsed.GetValue(KeepFactor), session.Stop))
        {
            if (cancels && result.Error == ErrorCode.NoReassignmentInProgress) outcomes.AddUnchanged($"{result.Partition}", "is not being moved");
            else outcomes.Add($"{result.Partition}", result.Error, result.Message);
        }

        return outcomes.End();
    }

    private static List<int> ReadIds(string text) =>
    [
        .. text.Split(',').Select(static part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new UsageException($"--replicas: '{part}' is no broker's id")),
    ];
}
