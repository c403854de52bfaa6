using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic alter</c>.</summary>
internal static class TopicAlterCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The topic." };
    private static readonly Option<int?> Partitions = new("--partitions", "-p") { Description = "How many partitions it shall have; they can only become more.", HelpName = "N" };
    private static readonly Option<string[]> Configs = new("--config", "-c") { Description = "Sets a configuration key; repeatable.", HelpName = "KEY=VALUE", DefaultValueFactory = static _ => [] };
    private static readonly Option<string[]> Deletes = new("--delete-config") { Description = "Gives a configuration key its default back; repeatable.", HelpName = "KEY", DefaultValueFactory = static _ => [] };

    public static Command Create() => Session.Run(new Command("alter", "Add partitions, change the configuration.") { Name, Partitions, Configs, Deletes }, RunAsync)
        .WithExamples("moldau topic alter lines --partitions 12", "moldau topic alter lines -c retention.ms=3600000 --delete-config segment.bytes");

    private static async Task<int> RunAsync(Session session)
    {
        ParseResult parsed = session.Parsed;
        string name = parsed.GetValue(Name)!;
        List<ConfigChange> changes = [.. Pairs.ParseAll("--config", parsed.GetValue(Configs)!).Select(static pair => new ConfigChange(pair.Key, ConfigOperation.Set, pair.Value)),
            .. parsed.GetValue(Deletes)!.Select(static key => new ConfigChange(key, ConfigOperation.Delete, null))];
        int? partitions = parsed.GetValue(Partitions);
        if (partitions is null && changes.Count == 0) throw new UsageException("nothing to change: give --partitions, --config or --delete-config");
        var outcomes = new Outcomes(session.Json, "changed");
        if (changes.Count > 0) await session.Admin.Configs.AlterAsync(new ConfigResource(ConfigResourceType.Topic, name), changes, cancellation: session.Stop);
        ItemResult result = partitions is { } total
            ? await session.Admin.Topics.AddPartitionsAsync(name, total, cancellation: session.Stop)
            : new ItemResult(name, ErrorCode.None, null);
        outcomes.Add(name, result.Error, result.Message);
        return outcomes.End();
    }
}
