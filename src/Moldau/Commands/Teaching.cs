using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Moldau.Commands;

/// <summary>Examples that a command's help ends with.</summary>
internal static class Teaching
{
    private static readonly Dictionary<Command, string[]> Examples = [];

    /// <summary>Adds examples: lines of commands, and of explanation where they begin with #.</summary>
    public static T WithExamples<T>(this T command, params string[] lines)
        where T : Command
    {
        Examples[command] = lines;
        return command;
    }

    /// <summary>Has the help of every command show its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction plain) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = plain.Invoke(parseResult);
            if (!Examples.TryGetValue(parseResult.CommandResult.Command, out string[]? lines)) return code;
            TextWriter target = parseResult.InvocationConfiguration.Output;
            target.WriteLine("Examples:");
            foreach (string line in lines) target.WriteLine($"  {line}");
            target.WriteLine();
            return code;
        }
    }
}
