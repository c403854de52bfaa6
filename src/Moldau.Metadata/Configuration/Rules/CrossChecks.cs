using System.Collections.Frozen;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>
/// Values of a node that must fit together, checked at start and before a dynamic change. What listeners, roles and quorum must be is checked at start alone.
/// </summary>
public static class CrossChecks
{
    private const long BufferPerCleanerMin = 1024 * 1024;

    /// <summary>The first thing that does not fit; null when everything does.</summary>
    public static ConfigException? Objection(ConfigLayers layers)
    {
        ConfigValues node = layers.Node();
        return LogObjection(node) ?? DirectoryObjection(node) ?? ReplicationObjection(node) ?? ConnectionObjection(node) ?? GroupObjection(node) ?? TopicObjection(layers);
    }

    private static ConfigException? LogObjection(ConfigValues node)
    {
        foreach (ConfigKey key in (IReadOnlyList<ConfigKey>)[RetentionKeys.LogRetentionMs, RetentionKeys.LogRetentionMinutes, RetentionKeys.LogRetentionHours])
        {
            if (node.Given.TryGetValue(key.Name, out string? text) && text == "0") return Refuse(node, key, "it must be at least 1, or -1 for no limit");
        }

        int threads = Math.Max(1, node.Get(RetentionKeys.LogCleanerThreads));
        return node.Get(RetentionKeys.LogCleanerDedupeBufferSize) / threads > BufferPerCleanerMin
            ? null
            : Refuse(node, RetentionKeys.LogCleanerDedupeBufferSize, $"it must be more than 1 MiB for each of {RetentionKeys.LogCleanerThreads.Name}, which is {threads}");
    }

    private static ConfigException? DirectoryObjection(ConfigValues node)
    {
        IReadOnlyList<string> present = node.Get(LogKeys.LogDirs) ?? node.Get(LogKeys.LogDir) ?? [];
        string[] missing = [.. (node.Get(LogKeys.CordonedLogDirs) ?? []).Where(directory => directory != "*" && !present.Contains(directory))];
        return missing.Length == 0
            ? null
            : Refuse(node, LogKeys.CordonedLogDirs, $"all of it must be in {LogKeys.LogDirs.Name} or {LogKeys.LogDir.Name}, and {string.Join(", ", missing)} is not");
    }

    private static ConfigException? ReplicationObjection(ConfigValues node)
    {
        int wait = node.Get(ReplicationKeys.ReplicaFetchWaitMaxMs);
        if (wait > node.Get(ReplicationKeys.ReplicaSocketTimeoutMs))
        {
            return Refuse(node, ReplicationKeys.ReplicaSocketTimeoutMs, $"it must be at least {ReplicationKeys.ReplicaFetchWaitMaxMs.Name}, which is {wait}, or waiting fetches time out");
        }

        return wait > node.Get(ReplicationKeys.ReplicaLagTimeMaxMs)
            ? Refuse(node, ReplicationKeys.ReplicaLagTimeMaxMs, $"it must be at least {ReplicationKeys.ReplicaFetchWaitMaxMs.Name}, which is {wait}, or in-sync replicas come and go")
            : null;
    }

    private static ConfigException? ConnectionObjection(ConfigValues node)
    {
        long queued = node.Get(NodeKeys.QueuedMaxRequestBytes);
        if (queued > 0 && queued < node.Get(ListenerKeys.SocketRequestMaxBytes))
        {
            return Refuse(node, NodeKeys.QueuedMaxRequestBytes, $"it must be at least {ListenerKeys.SocketRequestMaxBytes.Name}");
        }

        string overrides = node.Get(ListenerKeys.MaxConnectionsPerIpOverrides) ?? "";
        if (!ConnectionOverrides.TryParse(overrides, out _)) return Refuse(node, ListenerKeys.MaxConnectionsPerIpOverrides, "it takes IP addresses with counts, as address:count,address:count");
        if (node.Get(ListenerKeys.MaxConnectionsPerIp) == 0 && overrides.Length == 0)
        {
            return Refuse(node, ListenerKeys.MaxConnectionsPerIp, $"it can be 0 only where {ListenerKeys.MaxConnectionsPerIpOverrides.Name} lets somebody in");
        }

        long idle = node.Get(ListenerKeys.ConnectionsMaxIdleMs);
        return idle >= 0 && node.Get(ListenerKeys.ConnectionFailedAuthenticationDelayMs) >= idle
            ? Refuse(node, ListenerKeys.ConnectionFailedAuthenticationDelayMs, $"it must be less than {ListenerKeys.ConnectionsMaxIdleMs.Name}, which is {idle}")
            : null;
    }

    private static ConfigException? GroupObjection(ConfigValues node)
    {
        foreach (ConfigKey key in node.Catalog.Keys)
        {
            if (key.Name.StartsWith("group.", StringComparison.Ordinal) && GroupBounds.Objection(key.Name, key.Name, node.Text(key), node) is { } reason)
            {
                return Refuse(node, key, reason);
            }
        }

        int shortest = node.Get(GroupKeys.GroupMinSessionTimeoutMs);
        if (shortest > node.Get(GroupKeys.GroupMaxSessionTimeoutMs))
        {
            return Refuse(node, GroupKeys.GroupMaxSessionTimeoutMs, $"it must be at least {GroupKeys.GroupMinSessionTimeoutMs.Name}, which is {shortest}");
        }

        return GroupBounds.HeartbeatObjection(node, "group.") is { } apart ? Refuse(node, GroupKeys.GroupConsumerSessionTimeoutMs, apart) : null;
    }

    // What the node gives a topic must be something that a topic takes.
    private static ConfigException? TopicObjection(ConfigLayers layers)
    {
        foreach (ConfigKey key in ConfigCatalog.Topic.Keys)
        {
            foreach ((_, IReadOnlyDictionary<string, string> values) in layers.Places)
            {
                foreach (string name in key.BrokerKeys)
                {
                    if (values.TryGetValue(name, out string? text) && Objection(key, ConfigSynonyms.Convert(key, name, text)) is { } reason)
                    {
                        return new ConfigException(name, text, $"{reason}, as the default of a topic's {key.Name}");
                    }
                }
            }
        }

        ApiError together = TopicRules.CheckTogether(layers.Topic(FrozenDictionary<string, string>.Empty));
        return together.IsFailure ? new ConfigException(RetentionKeys.LogCleanerMinCompactionLagMs.Name, layers.Node().Text(RetentionKeys.LogCleanerMinCompactionLagMs), together.Message!) : null;
    }

    private static string? Objection(ConfigKey key, string text)
    {
        try
        {
            key.Check(text);
            return null;
        }
        catch (ConfigException e)
        {
            return e.Reason;
        }
    }

    private static ConfigException Refuse(ConfigValues node, ConfigKey key, string reason) => new(key.Name, node.Text(key), reason);
}
