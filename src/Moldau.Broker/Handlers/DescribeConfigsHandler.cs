using Moldau.Broker.Configuration;
using Moldau.Broker.Network;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Configuration;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>DescribeConfigs (key 32, v1-4): the configuration of topics, this node, all brokers, loggers, groups and client metrics subscriptions.</summary>
/// <remarks>
/// v1 synonyms (KIP-226), v3 types and documentation (KIP-569). An empty list of keys means all, as null does; keys that do not exist are left out. Secrets have no value.
/// A node describes itself alone. Errors per resource: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION, INVALID_REQUEST.
/// </remarks>
internal sealed class DescribeConfigsHandler(MetadataCache metadata, DynamicConfig config, NodeLogger logger, int nodeId)
    : ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, 1, 4, Listeners.Both)
{
    private const short FirstVersionWithTypes = 3;

    protected internal override ValueTask HandleAsync(RequestContext<DescribeConfigsRequest, DescribeConfigsResponse> context)
    {
        MetadataImage image = metadata.Image;
        foreach (DescribeConfigsRequest.DescribeConfigsResource asked in context.Request.Resources)
        {
            DescribeConfigsResponse.DescribeConfigsResult result = context.Response.Results.Add();
            result.ResourceType = asked.ResourceType;
            result.ResourceName = asked.ResourceName;
            ApiError error = Find(new ConfigResource((ConfigResourceType)asked.ResourceType, asked.ResourceName), image, out IEnumerable<DescribedConfig> found);
            result.ErrorCode = (short)error.Code;
            // Kafka's answer has an empty text, never none.
            result.ErrorMessage = error.Message ?? "";
            foreach (DescribedConfig described in found)
            {
                if (asked.ConfigurationKeys is { Count: > 0 } keys && !keys.Contains(described.Name)) continue;
                Write(result.Configs.Add(), described, context.Request, context.Version);
            }
        }

        return ValueTask.CompletedTask;
    }

    private ApiError Find(ConfigResource resource, MetadataImage image, out IEnumerable<DescribedConfig> found)
    {
        found = [];
        var describer = new ConfigDescriber(config.LayersOf(image.Configs));
        switch (resource.Type)
        {
            case ConfigResourceType.Topic:
                if (TopicNames.Reject(resource.Name) is { } reason) return new ApiError(ErrorCode.InvalidTopicException, reason);
                if (image.Topics.Find(resource.Name) is null) return new ApiError(ErrorCode.UnknownTopicOrPartition);
                found = describer.Topic(image.Configs.Of(resource));
                return ApiError.None;
            case ConfigResourceType.Broker when resource.Name.Length == 0:
                found = describer.ClusterDefault();
                return ApiError.None;
            case ConfigResourceType.Broker:
                if (!IsSelf(resource.Name)) return Invalid($"Unexpected broker id, expected {nodeId} or empty string, but received {resource.Name}");
                found = describer.Broker();
                return ApiError.None;
            case ConfigResourceType.BrokerLogger:
                if (resource.Name.Length == 0) return Invalid("Broker id must not be empty");
                if (!IsSelf(resource.Name)) return Invalid($"Unexpected broker id, expected {nodeId} but received {resource.Name}");
                found = logger.Levels.Select(level =>
                    new DescribedConfig(level.Name, level.Level, ConfigSource.BrokerLogger, false, false, ConfigType.Unknown, null, []));
                return ApiError.None;
            case ConfigResourceType.Group:
                if (resource.Name.Length == 0) return Invalid("Group name must not be empty");
                found = describer.Group(image.Configs.Of(resource));
                return ApiError.None;
            case ConfigResourceType.ClientMetrics:
                if (resource.Name.Length == 0) return Invalid("Client metrics subscription name must not be empty");
                found = ConfigDescriber.ClientMetrics(image.Configs.Of(resource));
                return ApiError.None;
            default:
                return Invalid($"Unsupported resource type: {(sbyte)resource.Type}");
        }
    }

    private bool IsSelf(string name) => int.TryParse(name, out int id) && id == nodeId;

    private static void Write(
        DescribeConfigsResponse.DescribeConfigsResourceResult entry, DescribedConfig described, DescribeConfigsRequest request, short version)
    {
        entry.Name = described.Name;
        entry.Value = described.Value;
        entry.ReadOnly = described.IsReadOnly;
        entry.ConfigSource = (sbyte)described.Source;
        entry.IsSensitive = described.IsSensitive;
        if (version >= FirstVersionWithTypes)
        {
            entry.ConfigType = (sbyte)described.Type;
            entry.Documentation = request.IncludeDocumentation ? described.Documentation : null;
        }

        if (!request.IncludeSynonyms) return;
        foreach (ConfigSynonym synonym in described.Synonyms)
        {
            DescribeConfigsResponse.DescribeConfigsSynonym item = entry.Synonyms.Add();
            item.Name = synonym.Name;
            item.Value = synonym.Value;
            item.Source = (sbyte)synonym.Source;
        }
    }

    private static ApiError Invalid(string reason) => new(ErrorCode.InvalidRequest, reason);
}
