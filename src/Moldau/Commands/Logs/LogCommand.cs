using System.CommandLine;

namespace Moldau.Commands.Logs;

/// <summary><c>moldau log</c>.</summary>
internal static class LogCommand
{
    public static Command Create() => new("log", "The files of a node's log directories, Moldau's and Apache Kafka's: dump, verify.")
    {
        LogDumpCommand.Create(),
        LogVerifyCommand.Create(),
    };
}
