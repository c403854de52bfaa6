using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Protocol;

namespace Moldau.Commands.Configs;

/// <summary><c>moldau config set</c>.</summary>
internal static class ConfigSetCommand
{
    private static readonly Argument<string[]> Values = new("KEY=VALUE") { Description = "What to set.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say whether it could be done." };

    public static Command Create() => Session.Run(new Command("set", "Give keys a value.") { ResourceArguments.Kind, Values, ResourceArguments.Name, DryRun }, RunAsync)
        .WithExamples("moldau config set topic retention.ms=3600000 --name lines", "moldau config set cluster log.retention.ms=86400000");

    private static async Task<int> RunAsync(Session session)
    {
        bool dryRun = session.Parsed.GetValue(DryRun);
        Dictionary<string, string> values = Pairs.ParseAll("set", session.Parsed.GetValue(Values)!);
        await session.Admin.Configs.AlterAsync(
            ResourceArguments.Of(session.Parsed), [.. values.Select(static pair => new ConfigChange(pair.Key, ConfigOperation.Set, pair.Value))], dryRun, session.Stop);
        var outcomes = new Outcomes(session.Json, dryRun ? "could set" : "set");
        foreach (string key in values.Keys) outcomes.Add(key, ErrorCode.None, null);
        return outcomes.End();
    }
}
