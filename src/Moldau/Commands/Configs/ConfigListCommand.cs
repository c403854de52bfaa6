using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands.Configs;

/// <summary><c>moldau config list</c>.</summary>
internal static class ConfigListCommand
{
    private static readonly Argument<string?> Kind = NewKind();

    public static Command Create() => Session.Run(new Command("list", "Show what has a configuration: topics, brokers, groups, client metrics.") { Kind }, RunAsync)
        .WithExamples("moldau config list", "moldau config list group");

    private static async Task<int> RunAsync(Session session)
    {
        ConfigResourceType[] types = session.Parsed.GetValue(Kind) is { } kind ? [ResourceArguments.TypeOf(kind)] : [];
        var listing = new Listing(new("Kind", "kind"), new("Name", "name"));
        foreach (ConfigResource resource in (await session.Admin.Configs.ListAsync(types, session.Stop)).OrderBy(static each => each.Type).ThenBy(static each => each.Name, StringComparer.Ordinal))
        {
            listing.Add(ResourceArguments.NameOf(resource.Type), resource.Name);
        }

        listing.Write(session.Json);
        return ExitCode.Success;
    }

    private static Argument<string?> NewKind()
    {
        var kind = new Argument<string?>("KIND") { Description = "topic, broker, group, client-metrics or broker-logger; all otherwise.", Arity = ArgumentArity.ZeroOrOne };
        kind.AcceptOnlyFromAmong("topic", "broker", "group", "client-metrics", "broker-logger");
        return kind;
    }
}
