using Moldau.Protocol;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>What a topic's configuration may be.</summary>
internal static class TopicRules
{
    /// <summary>INVALID_REQUEST or INVALID_TOPIC_EXCEPTION for the name, INVALID_CONFIG for a key or value.</summary>
    public static ApiError Check(string topic, IReadOnlyDictionary<string, string> proposed, ConfigLayers layers)
    {
        if (topic.Length == 0) return new ApiError(ErrorCode.InvalidRequest, "Default topic resources are not allowed.");
        if (TopicNames.Reject(topic) is { } reason) return new ApiError(ErrorCode.InvalidTopicException, reason);
        ApiError error = CatalogRules.Check(ConfigCatalog.Topic, proposed);
        return error.IsFailure ? error : CheckTogether(layers.Topic(proposed));
    }

    /// <summary>What must fit together; asked of the node's own configuration too, which gives topics their defaults.</summary>
    public static ApiError CheckTogether(ConfigValues values)
    {
        long shortest = values.Get(TopicKeys.MinCompactionLagMs), longest = values.Get(TopicKeys.MaxCompactionLagMs);
        if (shortest > longest)
        {
            return Invalid($"{TopicKeys.MinCompactionLagMs.Name} ({shortest}) must not be more than {TopicKeys.MaxCompactionLagMs.Name} ({longest})");
        }

        return values.Get(TopicKeys.RemoteStorageEnable)
            ? Invalid($"Tiered storage is not there on this broker: {TopicKeys.RemoteStorageEnable.Name} cannot be set")
            : ApiError.None;
    }

    private static ApiError Invalid(string reason) => new(ErrorCode.InvalidConfig, reason);
}
