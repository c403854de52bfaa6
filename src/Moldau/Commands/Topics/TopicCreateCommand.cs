using System.CommandLine;
using System.Globalization;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic create</c>.</summary>
internal static class TopicCreateCommand
{
    private static readonly Argument<string[]> Names = new("NAME") { Description = "The topics.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Partitions = new("--partitions", "-p") { Description = "How many partitions; the broker's default otherwise.", HelpName = "N", DefaultValueFactory = static _ => -1 };
    private static readonly Option<short> Replication = new("--replication-factor", "-r") { Description = "How many replicas each; the broker's default otherwise.", HelpName = "N", DefaultValueFactory = static _ => -1 };
    private static readonly Option<string[]> Configs = new("--config", "-c") { Description = "A configuration key; repeatable.", HelpName = "KEY=VALUE", DefaultValueFactory = static _ => [] };
    private static readonly Option<string?> Assignment = new("--assignment") { Description = "The brokers of each partition: 1:2,2:1 for two partitions on brokers 1 and 2.", HelpName = "ID:ID,..." };
    private static readonly Option<bool> IfNotExists = new("--if-not-exists") { Description = "A topic that exists is no error." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say whether it could be done." };

    public static Command Create() =>
        Session.Run(new Command("create", "Create topics.") { Names, Partitions, Replication, Configs, Assignment, IfNotExists, DryRun }, RunAsync)
            .WithExamples("moldau topic create lines --partitions 6", "moldau topic create state -c cleanup.policy=compact -c min.cleanable.dirty.ratio=0.1");

    private static async Task<int> RunAsync(Session session)
    {
        ParseResult parsed = session.Parsed;
        Dictionary<string, string> configs = Pairs.ParseAll("--config", parsed.GetValue(Configs)!);
        IReadOnlyList<IReadOnlyList<int>>? assignment = parsed.GetValue(Assignment) is { } text ? ParseAssignment(text) : null;
        List<NewTopic> topics = [.. parsed.GetValue(Names)!.Select(name =>
            new NewTopic(name, parsed.GetValue(Partitions), parsed.GetValue(Replication)) { Configs = configs, Assignment = assignment })];
        bool dryRun = parsed.GetValue(DryRun);
        var outcomes = new Outcomes(session.Json, dryRun ? "could create" : "created");
        foreach (TopicCreation made in await session.Admin.Topics.CreateAsync(topics, dryRun, session.Stop))
        {
            if (made.Error == ErrorCode.TopicAlreadyExists && parsed.GetValue(IfNotExists)) outcomes.AddUnchanged(made.Name, "exists already");
            else outcomes.Add(made.Name, made.Error, made.Message);
        }

        return outcomes.End();
    }

    private static List<IReadOnlyList<int>> ParseAssignment(string text)
    {
        List<IReadOnlyList<int>> partitions = [];
        foreach (string partition in text.Split(','))
        {
            List<int> brokers = [];
            foreach (string broker in partition.Split(':'))
            {
                if (!int.TryParse(broker, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) throw new UsageException($"--assignment {text}: '{broker}' is no broker id");
                brokers.Add(id);
            }

            partitions.Add(brokers);
        }

        return partitions;
    }
}
