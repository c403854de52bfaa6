using System.CommandLine;

namespace Moldau.Commands;

/// <summary><c>moldau completion</c>: what a shell needs to complete commands and options. The program itself says what fits.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh or fish." };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that teaches a shell to complete moldau's commands.") { Shell };
        command.SetAction(static parsed => Console.Out.Write(parsed.GetValue(Shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }));
        return command.WithExamples("# bash, for this shell:", "source <(moldau completion bash)", "# fish, for good:", "moldau completion fish > ~/.config/fish/completions/moldau.fish");
    }

    private const string Bash = """
        _moldau() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(moldau "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _moldau moldau

        """;

    private const string Zsh = """
        #compdef moldau
        _moldau() {
          local -a found
          found=("${(@f)$(moldau "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a found
        }
        compdef _moldau moldau

        """;

    private const string Fish = """
        complete -c moldau -f -a '(moldau "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'

        """;
}
