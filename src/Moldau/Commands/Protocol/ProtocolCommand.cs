using System.CommandLine;

namespace Moldau.Commands.Protocol;

/// <summary><c>moldau protocol</c>.</summary>
internal static class ProtocolCommand
{
    public static Command Create() => new("protocol", "The wire protocol as this program speaks it: dump, verify.")
    {
        ProtocolDumpCommand.Create(),
        ProtocolVerifyCommand.Create(),
    };
}
