using System.CommandLine;

namespace Moldau.Commands.Configs;

/// <summary><c>moldau config</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create() => Session.AddTo(new Command("config", "Configuration of topics, brokers, groups and client metrics: list, describe, set, delete, docs.")
    {
        ConfigListCommand.Create(),
        ConfigDescribeCommand.Create(),
        ConfigSetCommand.Create(),
        ConfigDeleteCommand.Create(),
        ConfigDocsCommand.Create(),
    });
}
