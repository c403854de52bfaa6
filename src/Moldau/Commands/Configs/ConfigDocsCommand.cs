using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Metadata.Configuration;
using Moldau.Output;

namespace Moldau.Commands.Configs;

/// <summary><c>moldau config docs</c>: what keys there are, from the declarations that the node itself works with. Asks no broker.</summary>
internal static class ConfigDocsCommand
{
    private static readonly Argument<string?> Key = new("KEY") { Description = "One key, or a part of its name; all otherwise.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> Kind = new("--kind", "-k") { Description = "broker, topic, group or client-metrics.", HelpName = "KIND", DefaultValueFactory = static _ => "broker" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON, for programs." };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong("broker", "topic", "group", "client-metrics");
        var command = new Command("docs", "Explain configuration keys: type, default, range, meaning.") { Key, Kind, Json };
        command.SetAction(Run);
        return command.WithExamples("moldau config docs log.retention.ms", "moldau config docs --kind topic");
    }

    private static int Run(ParseResult parsed)
    {
        ConfigCatalog catalog = parsed.GetValue(Kind) switch
        {
            "topic" => ConfigCatalog.Topic,
            "group" => ConfigCatalog.Group,
            "client-metrics" => ConfigCatalog.ClientMetrics,
            _ => ConfigCatalog.Broker,
        };
        string part = parsed.GetValue(Key) ?? "";
        ConfigKey[] keys = catalog.TryGet(part, out ConfigKey? exact) ? [exact] : [.. catalog.Keys.Where(key => !key.IsInternal && key.Name.Contains(part, StringComparison.Ordinal))];
        if (keys.Length == 0)
        {
            Terminal.Error($"there is no {catalog.Scope} key like '{part}'{(catalog.Nearest(part) is { } nearest ? $"; did you mean {nearest}?" : "")}");
            return ExitCode.Failure;
        }

        if (parsed.GetValue(Json)) JsonText.Write(new JsonArray([.. keys.Select(static key => (JsonNode)ToJson(key))]));
        else foreach (ConfigKey key in keys) Write(key);
        return ExitCode.Success;
    }

    private static void Write(ConfigKey key)
    {
        Console.Out.WriteLine(key.Name);
        Console.Out.WriteLine($"  {key.Documentation}");
        Console.Out.WriteLine($"  type {Name(key.Type)}, default {(key.DefaultText is null ? "none" : key.DefaultText.Length == 0 ? "empty" : key.DefaultText)}{(key.ValidText is { } valid ? $", valid {valid}" : "")}");
        Console.Out.WriteLine();
    }

    private static JsonObject ToJson(ConfigKey key) => new()
    {
        ["name"] = key.Name,
        ["type"] = Name(key.Type),
        ["default"] = key.DefaultText,
        ["valid"] = key.ValidText,
        ["importance"] = key.Importance.ToString().ToLowerInvariant(),
        ["updateMode"] = key.UpdateMode switch { UpdateMode.ReadOnly => "read-only", UpdateMode.PerBroker => "per-broker", _ => "cluster-wide" },
        ["documentation"] = key.Documentation,
    };

    private static string Name(ConfigType type) => type.ToString().ToLowerInvariant();
}
