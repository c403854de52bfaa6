using System.CommandLine;
using System.Globalization;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands.Configs;

/// <summary>Whose configuration: a kind, and a name where the kind has one.</summary>
internal static class ResourceArguments
{
    public static readonly Argument<string> Kind = NewKind();

    public static readonly Option<string?> Name = new("--name", "-n") { Description = "The topic, broker id, group or subscription; none for the cluster's default.", HelpName = "NAME" };

    /// <summary>The resource that the command line names.</summary>
    /// <exception cref="UsageException">The name is missing, or there is one too many.</exception>
    public static ConfigResource Of(ParseResult parsed)
    {
        string kind = parsed.GetValue(Kind)!;
        string? name = parsed.GetValue(Name);
        if (kind == "cluster") return name is null ? new ConfigResource(ConfigResourceType.Broker, "") : throw new UsageException("the cluster's default has no name: leave --name away");
        if (string.IsNullOrEmpty(name)) throw new UsageException($"--name is needed: which {kind}?");
        if (kind is "broker" or "broker-logger" && !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw new UsageException($"--name {name}: a broker's id is a number");
        return new ConfigResource(TypeOf(kind), name);
    }

    /// <summary>The kind of resource that a word names.</summary>
    public static ConfigResourceType TypeOf(string kind) => kind switch
    {
        "topic" => ConfigResourceType.Topic,
        "broker" => ConfigResourceType.Broker,
        "broker-logger" => ConfigResourceType.BrokerLogger,
        "group" => ConfigResourceType.Group,
        _ => ConfigResourceType.ClientMetrics,
    };

    /// <summary>The word for a kind of resource.</summary>
    public static string NameOf(ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => "topic",
        ConfigResourceType.Broker => "broker",
        ConfigResourceType.BrokerLogger => "broker-logger",
        ConfigResourceType.Group => "group",
        _ => "client-metrics",
    };

    private static Argument<string> NewKind()
    {
        var kind = new Argument<string>("KIND") { Description = "topic, broker, cluster (the default of all brokers), group, client-metrics or broker-logger." };
        kind.AcceptOnlyFromAmong("topic", "broker", "cluster", "group", "client-metrics", "broker-logger");
        return kind;
    }
}
