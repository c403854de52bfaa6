using System.Collections.Immutable;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Dynamic configurations of topics, brokers, the cluster, groups and client metrics.</summary>
internal sealed class ConfigControl(ControllerOptions options, ControllerState state)
{
    internal const string MinInsyncReplicas = "min.insync.replicas";
    private const string UncleanElection = "unclean.leader.election.enable";
    private const string CordonedLogDirs = "cordoned.log.dirs";

    /// <summary>Applies operations to a resource, appending its records when they are all right.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="changes">One for each key; the last one counts.</param>
    /// <param name="isNew">Whether the resource is being created, and so need not exist.</param>
    /// <param name="records">Where the records go.</param>
    internal ApiError Alter(ConfigResource resource, ImmutableArray<ConfigChange> changes, bool isNew, List<MetadataRecord> records)
    {
        ImmutableSortedDictionary<string, string> current = state.Image.Configs.Of(resource);
        var values = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (ConfigChange change in changes)
        {
            if (change.Operation is < ConfigOperation.Set or > ConfigOperation.Subtract)
            {
                return new ApiError(ErrorCode.InvalidRequest, $"Unknown operation {(sbyte)change.Operation} for key {change.Name}.");
            }

            if (change.Operation != ConfigOperation.Delete && change.Value is null)
            {
                return new ApiError(ErrorCode.InvalidRequest, $"Null value not supported for : {change.Name}");
            }

            if (change.Operation is ConfigOperation.Append or ConfigOperation.Subtract && !options.ConfigRules.IsList(resource.Type, change.Name))
            {
                return new ApiError(ErrorCode.InvalidConfig, $"Can't {change.Operation.ToString().ToUpperInvariant()} to key {change.Name} because its type is not LIST.");
            }

            values[change.Name] = change.Operation switch
            {
                ConfigOperation.Set => change.Value,
                ConfigOperation.Delete => null,
                _ => EditList(current.GetValueOrDefault(change.Name) ?? options.ConfigRules.Default(resource.Type, change.Name), change),
            };
        }

        return Apply(resource, current, values, isNew, records);
    }

    /// <summary>min.insync.replicas of a topic: its own, this node's, the cluster's, the static one, in this order.</summary>
    internal int MinIsr(string topic) => int.TryParse(TopicConfig(topic, MinInsyncReplicas), out int value) ? value : 1;

    /// <summary>Whether a topic may be led by a replica that is not in sync.</summary>
    internal bool AllowsUncleanElection(string topic) => TopicConfig(topic, UncleanElection) == "true";

    /// <summary>The value that starts a cluster with ELR: the cluster-wide min.insync.replicas must then always be set, since changing it clears every ELR.</summary>
    internal MetadataRecord MinIsrRecord() => Record(ConfigResource.ClusterDefault, MinInsyncReplicas, options.ConfigRules.StaticTopicConfig(MinInsyncReplicas) ?? "1");

    /// <summary>What must be set before ELR is switched on: the cluster-wide min.insync.replicas, and none of a single broker.</summary>
    internal IEnumerable<MetadataRecord> ElrSafetyRecords()
    {
        if (!state.Image.Configs.Of(ConfigResource.ClusterDefault).ContainsKey(MinInsyncReplicas)) yield return MinIsrRecord();
        foreach ((ConfigResource resource, var values) in state.Image.Configs.Resources)
        {
            if (resource is { Type: ConfigResourceType.Broker, Name.Length: > 0 } && values.ContainsKey(MinInsyncReplicas)) yield return Record(resource, MinInsyncReplicas, null);
        }
    }

    private static MetadataRecord Record(ConfigResource resource, string name, string? value) =>
        new(new ConfigRecord { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = name, Value = value }, 0);

    private static string EditList(string? current, ConfigChange change)
    {
        List<string> parts = [.. (current ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in change.Value!.Split(','))
        {
            if (change.Operation == ConfigOperation.Subtract) parts.Remove(part);
            else if (!parts.Contains(part)) parts.Add(part);
        }

        return string.Join(',', parts);
    }

    /// <summary>Replaces everything that is set on a resource, appending its records when they are all right.</summary>
    internal ApiError Replace(ConfigResource resource, ImmutableArray<ConfigChange> changes, List<MetadataRecord> records)
    {
        ImmutableSortedDictionary<string, string> current = state.Image.Configs.Of(resource);
        var values = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (string name in current.Keys) values[name] = null;
        foreach (ConfigChange change in changes)
        {
            if (change.Value is null) return new ApiError(ErrorCode.InvalidRequest, $"Null value not supported for : {change.Name}");
            values[change.Name] = change.Value;
        }

        return Apply(resource, current, values, false, records);
    }

    private ApiError Apply(ConfigResource resource, ImmutableSortedDictionary<string, string> current, SortedDictionary<string, string?> values, bool isNew, List<MetadataRecord> records)
    {
        ImmutableSortedDictionary<string, string> proposed = current;
        var changed = new List<MetadataRecord>();
        foreach ((string name, string? value) in values)
        {
            if (CheckValue(resource, name, value, current) is { IsFailure: true } error) return error;
            proposed = value is null ? proposed.Remove(name) : proposed.SetItem(name, value);

            // Brokers read files again when their configuration is set, so setting the same value must reach them (KAFKA-14136).
            if (value != current.GetValueOrDefault(name) || resource.Type == ConfigResourceType.Broker) changed.Add(Record(resource, name, value));
        }

        ApiError invalid = options.ConfigRules.Validate(resource, proposed, current);
        if (!invalid.IsFailure && !isNew) invalid = CheckExists(resource);
        if (!invalid.IsFailure) records.AddRange(changed);
        return invalid;
    }

    private ApiError CheckValue(ConfigResource resource, string name, string? value, ImmutableSortedDictionary<string, string> current)
    {
        if (value is { Length: > Limits.ConfigValueLength })
        {
            return new ApiError(ErrorCode.InvalidConfig, $"The configuration value cannot be added because it exceeds the maximum value size of {Limits.ConfigValueLength} bytes.");
        }

        if (resource.Type != ConfigResourceType.Broker) return ApiError.None;
        bool clusterWide = resource.Name.Length == 0;
        if (name == MinInsyncReplicas && state.ElrEnabled)
        {
            if (!clusterWide) return new ApiError(ErrorCode.InvalidConfig, "Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
            if (value is null) return new ApiError(ErrorCode.InvalidConfig, "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
        }

        if (name == CordonedLogDirs && value is not null && value != current.GetValueOrDefault(name) && !state.MetadataVersion.SupportsCordonedDirectories)
        {
            return new ApiError(ErrorCode.InvalidConfig, "The cordoned.log.dirs configuration value cannot be set because it requires metadata.version >= 4.3-IV0");
        }

        return ApiError.None;
    }

    private ApiError CheckExists(ConfigResource resource)
    {
        switch (resource.Type)
        {
            case ConfigResourceType.Topic when state.Topics.Find(resource.Name) is null:
                return new ApiError(ErrorCode.UnknownTopicOrPartition, $"The topic '{resource.Name}' does not exist.");
            case ConfigResourceType.Broker when resource.Name.Length > 0:
                if (!int.TryParse(resource.Name, out int id)) return new ApiError(ErrorCode.InvalidRequest, $"Invalid broker name {resource.Name}");
                if (state.Cluster.Broker(id) is null && !options.QuorumNodeIds.Contains(id)) return new ApiError(ErrorCode.BrokerIdNotRegistered, $"No node with id {id} found.");
                return ApiError.None;
            default:
                return ApiError.None;
        }
    }

    private string? TopicConfig(string topic, string name) =>
        state.Image.Configs.Of(ConfigResource.Topic(topic)).GetValueOrDefault(name)
        ?? state.Image.Configs.Of(ConfigResource.Broker(options.NodeId)).GetValueOrDefault(name)
        ?? state.Image.Configs.Of(ConfigResource.ClusterDefault).GetValueOrDefault(name)
        ?? options.ConfigRules.StaticTopicConfig(name);
}
