using System.CommandLine;

namespace Moldau.Commands.Configs;

/// <summary><c>moldau config</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create() => Session.AddTo(new Command("config", "Configuration of topics, brokers, groups and client metrics: describe, set, delete, docs.")
    {
        ConfigDescribeCommand.Create(),
        ConfigSetCommand.Create(),
        ConfigDeleteCommand.Create(),
        ConfigDocsCommand.Create(),
    });
}
