using System.CommandLine;
using Moldau.Broker.Quorum.Formatting;

namespace Moldau.Commands.Storage;

/// <summary><c>moldau storage random-uuid</c>.</summary>
internal static class StorageUuidCommand
{
    public static Command Create()
    {
        var command = new Command("random-uuid", "Print a new random id, for a cluster or a directory.");
        command.SetAction(static _ => Console.Out.WriteLine(new StorageFormatter(OfflineNode.Files, OfflineNode.Scheduler).NewId()));
        return command;
    }
}
