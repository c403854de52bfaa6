using System.CommandLine;
using Moldau.Output;
using Moldau.Protocol.Messages;

namespace Moldau.Commands.Protocol;

/// <summary><c>moldau protocol dump</c>.</summary>
internal static class ProtocolDumpCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "JSON is what it writes in any case." };

    public static Command Create()
    {
        var command = new Command("dump", "Print the layout of every message as JSON.") { Json };
        command.SetAction(static _ => JsonText.Write(SchemaDump.Write));
        return command.WithExamples("moldau protocol dump | jq '.[] | select(.name == \"FetchRequest\")'");
    }
}
