using System.CommandLine;
using Microsoft.Extensions.Logging;
using Moldau.Starting;

namespace Moldau.Commands;

/// <summary><c>moldau start</c>: runs a node.</summary>
internal static class StartCommand
{
    private static readonly Option<string?> Config = new("--config") { Description = "An Apache Kafka properties file: the same keys, defaults and ranges.", HelpName = "FILE" };

    private static readonly Option<string?> Data = new("--data") { Description = "Where the data is kept; goes over log.dirs.", HelpName = "DIR" };

    private static readonly Option<string?> Listen = new("--listen") { Description = "The address for clients; goes over listeners.", HelpName = "HOST:PORT" };

    private static readonly Option<string[]> Set = new("--set") { Description = "One configuration key; goes over the file. Repeatable.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };

    private static readonly Option<LogLevel> Level = new("--log-level") { Description = "Least level that is logged: trace, debug, information, warning, error.", HelpName = "LEVEL", DefaultValueFactory = _ => LogLevel.Information };

    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Print nothing but the log." };

    public static Command Create()
    {
        var command = new Command("start", "Run a node: broker and controller, durable, on 127.0.0.1:9092 unless told otherwise.") { Config, Data, Listen, Set, Level, Quiet };
        command.SetAction(static (parsed, _) =>
        {
            var settings = new StartSettings(parsed.GetValue(Config), parsed.GetValue(Data), parsed.GetValue(Listen), parsed.GetValue(Set) ?? []);
            return NodeRun.RunAsync(settings.Load(), parsed.GetValue(Level), parsed.GetValue(Quiet));
        });
        return command.WithExamples(
            "moldau start",
            "moldau start --data /var/lib/moldau --listen 0.0.0.0:9092 --set num.partitions=3",
            "moldau start --config server.properties");
    }
}
