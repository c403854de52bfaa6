using System.CommandLine;
using Moldau.Output;

namespace Moldau.Commands;

/// <summary>The tree of commands, and the one place where what they throw becomes a line and an exit code.</summary>
internal static class MoldauCommands
{
    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = Create();
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return ReportUsage(parsed);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (Failures.Explain(e) is not null)
        {
            return Failures.Report(e);
        }
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("Kafka in C#: server and command line.");
        root.Add(StartCommand.Create());
        return root;
    }

    private static int ReportUsage(ParseResult parsed)
    {
        Terminal.Error(parsed.Errors[0].Message);
        Console.Error.WriteLine($"Try '{CommandPath(parsed)} --help'.");
        return ExitCode.Usage;
    }

    private static string CommandPath(ParseResult parsed)
    {
        List<string> names = [];
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is System.CommandLine.Parsing.CommandResult command; at = command.Parent) names.Insert(0, command.Command.Name);
        return string.Join(' ', names);
    }
}
