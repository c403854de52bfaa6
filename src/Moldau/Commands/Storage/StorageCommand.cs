using System.CommandLine;

namespace Moldau.Commands.Storage;

/// <summary><c>moldau storage</c>.</summary>
internal static class StorageCommand
{
    public static Command Create() => new("storage", "Log directories of a node that is not running: format, info, random-uuid.")
    {
        StorageFormatCommand.Create(),
        StorageInfoCommand.Create(),
        StorageUuidCommand.Create(),
    };
}
