using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Moldau.Commands.Clusters;
using Moldau.Commands.Configs;
using Moldau.Commands.Groups;
using Moldau.Commands.Logs;
using Moldau.Commands.Protocol;
using Moldau.Commands.Records;
using Moldau.Commands.Storage;
using Moldau.Commands.Topics;
using Moldau.Metadata.Configuration;
using Moldau.Output;

namespace Moldau.Commands;

/// <summary>The tree of commands, and the one place where what they throw becomes a line and an exit code.</summary>
internal static class MoldauCommands
{
    private static readonly (string Name, Func<Command> Create)[] Commands =
    [
        ("start", StartCommand.Create),
        ("topic", TopicCommand.Create),
        ("produce", ProduceCommand.Create),
        ("consume", ConsumeCommand.Create),
        ("group", GroupCommand.Create),
        ("config", ConfigCommand.Create),
        ("cluster", ClusterCommand.Create),
        ("storage", StorageCommand.Create),
        ("log", LogCommand.Create),
        ("protocol", ProtocolCommand.Create),
        ("completion", CompletionCommand.Create),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Create(args).Parse(args);
        if (parsed.Action is ParseErrorAction) return ReportUsage(parsed);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (Failures.Explain(e) is not null)
        {
            return Failures.Report(e);
        }
    }

    /// <summary>The tree for a command line. Only the command that is named is made: a start should not pay for the others.</summary>
    public static RootCommand Create(string[] args)
    {
        var root = new RootCommand("Kafka in C#: server and command line.");
        (string Name, Func<Command> Create)[] named = [.. Commands.Where(each => args.Length > 0 && each.Name == args[0])];
        foreach ((_, Func<Command> create) in named.Length > 0 ? named : Commands) root.Add(create());
        Teaching.AddTo(root);
        return root.WithExamples("moldau start", "echo hello | moldau produce lines", "moldau consume lines --from beginning --exit-at-end", "moldau topic create --help");
    }

    private static int ReportUsage(ParseResult parsed)
    {
        string path = CommandPath(parsed);
        Command command = parsed.CommandResult.Command;
        // An unknown word says more than what is missing because of it.
        if (parsed.UnmatchedTokens is [string unknown, ..])
        {
            string? nearest = NearestName.Among(command.Subcommands.Select(static each => each.Name).Concat(command.Options.Select(static each => each.Name)), unknown);
            Terminal.Error($"'{unknown}' is no command or option of '{path}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")}");
        }
        else
        {
            Terminal.Error(parsed.Errors[0].Message);
        }

        Console.Error.WriteLine($"Try '{path} --help'.");
        return ExitCode.Usage;
    }

    private static string CommandPath(ParseResult parsed)
    {
        List<string> names = [];
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = command.Parent) names.Insert(0, command.Command.Name);
        return string.Join(' ', names);
    }
}
