namespace Moldau.Metadata.Configuration;

/// <summary>Names in a node's file that are no keys of the catalog and yet no mistakes: a listener's own keys, those of Kafka's plugins, and those of an older Kafka.</summary>
public static class ForeignKeys
{
    private static readonly string[] OfPlugins = ["super.users", "allow.everyone.if.no.acl.found"];

    private static readonly string[] PluginPrefixes = ["config.providers.", "metrics.context.", "rlmm.config.", "rsm.config."];

    private static readonly string[] Removed =
    [
        "auto.include.jmx.reporter", "broker.id.generation.enable", "control.plane.listener.name", "delegation.token.master.key", "inter.broker.protocol.version",
        "log.message.downconversion.enable", "log.message.format.version", "log.message.timestamp.difference.max.ms", "offsets.commit.required.acks", "reserved.broker.max.id",
    ];

    private static readonly string[] RemovedPrefixes = ["zookeeper.", "password.encoder."];

    /// <summary>Whether the name is a key of one listener.</summary>
    public static bool IsOfListener(string name) => ListenerPrefix.TryGetKey(name, out _);

    /// <summary>Whether the name belongs to something that Kafka loads.</summary>
    public static bool IsOfPlugin(string name) => OfPlugins.Contains(name, StringComparer.Ordinal) || StartsWithAny(name, PluginPrefixes);

    /// <summary>Whether the name was a key before Kafka 4.</summary>
    public static bool IsRemoved(string name) => Removed.Contains(name, StringComparer.Ordinal) || StartsWithAny(name, RemovedPrefixes);

    private static bool StartsWithAny(string name, string[] prefixes) => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
