using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic elect</c>.</summary>
internal static class TopicElectCommand
{
    private static readonly Argument<string?> Name = new("NAME") { Description = "The topic; all otherwise.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int[]> Partitions = new("--partition", "-p") { Description = "A partition of it; repeatable; all otherwise.", HelpName = "N", DefaultValueFactory = static _ => [] };
    private static readonly Option<bool> Unclean = new("--unclean") { Description = "Any replica that lives, where there is no leader. Records may be lost." };

    public static Command Create() => Session.Run(new Command("elect", "Give partitions their preferred leader back.") { Name, Partitions, Unclean }, RunAsync)
        .WithExamples("moldau topic elect", "moldau topic elect lines --partition 0");

    private static async Task<int> RunAsync(Session session)
    {
        int[] numbers = session.Parsed.GetValue(Partitions)!;
        string? topic = session.Parsed.GetValue(Name);
        if (topic is null && numbers.Length > 0) throw new UsageException("--partition: which topic's?");
        IReadOnlyCollection<TopicPartition>? partitions = topic is null ? null
            : numbers.Length > 0 ? [.. numbers.Select(number => new TopicPartition(topic, number))]
            : await TopicPartitions.OfAsync(session, topic);
        var outcomes = new Outcomes(session.Json, "elected");
        ElectionType type = session.Parsed.GetValue(Unclean) ? ElectionType.Unclean : ElectionType.Preferred;
        foreach (PartitionResult result in await session.Admin.Replicas.ElectLeadersAsync(type, partitions, session.Stop))
        {
            if (result.Error == ErrorCode.ElectionNotNeeded) outcomes.AddUnchanged($"{result.Partition}", "has that leader");
            else outcomes.Add($"{result.Partition}", result.Error, result.Message);
        }

        return outcomes.End();
    }
}
