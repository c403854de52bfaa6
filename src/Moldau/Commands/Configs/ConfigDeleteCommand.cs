using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Protocol;

namespace Moldau.Commands.Configs;

/// <summary><c>moldau config delete</c>.</summary>
internal static class ConfigDeleteCommand
{
    private static readonly Argument<string[]> Keys = new("KEY") { Description = "What to give its default back.", Arity = ArgumentArity.OneOrMore };

    public static Command Create() => Session.Run(new Command("delete", "Give keys their default back.") { ResourceArguments.Kind, Keys, ResourceArguments.Name }, RunAsync)
        .WithExamples("moldau config delete topic retention.ms --name lines");

    private static async Task<int> RunAsync(Session session)
    {
        string[] keys = session.Parsed.GetValue(Keys)!;
        await session.Admin.Configs.AlterAsync(
            ResourceArguments.Of(session.Parsed), [.. keys.Select(static key => new ConfigChange(key, ConfigOperation.Delete, null))], cancellation: session.Stop);
        var outcomes = new Outcomes(session.Json, "deleted");
        foreach (string key in keys) outcomes.Add(key, ErrorCode.None, null);
        return outcomes.End();
    }
}
