using Moldau.Protocol;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>What a group's configuration may be.</summary>
internal static class GroupRules
{
    /// <summary>INVALID_REQUEST for the name, INVALID_CONFIG for a key or value.</summary>
    public static ApiError Check(string group, IReadOnlyDictionary<string, string> proposed, ConfigLayers layers)
    {
        if (group.Length == 0) return new ApiError(ErrorCode.InvalidRequest, "Default group resources are not allowed.");
        ApiError error = CatalogRules.Check(ConfigCatalog.Group, proposed);
        if (error.IsFailure) return error;
        ConfigValues node = layers.Node();
        foreach (ConfigKey key in ConfigCatalog.Group.Keys)
        {
            if (key.BrokerKeys.Count == 0 || !proposed.TryGetValue(key.Name, out string? text)) continue;
            if (GroupBounds.Objection(key.Name, key.BrokerKeys[0], text, node) is { } reason) return new ApiError(ErrorCode.InvalidConfig, reason);
        }

        return GroupBounds.HeartbeatObjection(layers.Group(proposed), "") is { } apart ? new ApiError(ErrorCode.InvalidConfig, apart) : ApiError.None;
    }
}
