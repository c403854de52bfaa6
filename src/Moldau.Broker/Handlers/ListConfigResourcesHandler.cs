using Moldau.Broker.Network;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>ListConfigResources (key 74, v0-1): names of what has, or may have, a configuration (KIP-1142).</summary>
/// <remarks>
/// v0 client metrics subscriptions alone (KIP-714). Topics and brokers are listed whether something is set on them or not, groups and subscriptions
/// only when something is. Errors: UNSUPPORTED_VERSION for a type that does not exist.
/// </remarks>
internal sealed class ListConfigResourcesHandler(MetadataCache metadata)
    : ApiHandler<ListConfigResourcesRequest, ListConfigResourcesResponse>(ApiKey.ListConfigResources, 0, 1)
{
    private static readonly ConfigResourceType[] All =
        [ConfigResourceType.Topic, ConfigResourceType.Broker, ConfigResourceType.BrokerLogger, ConfigResourceType.ClientMetrics, ConfigResourceType.Group];

    protected internal override ValueTask HandleAsync(RequestContext<ListConfigResourcesRequest, ListConfigResourcesResponse> context)
    {
        ConfigResourceType[] asked = context.Version == 0 ? [ConfigResourceType.ClientMetrics]
            : context.Request.ResourceTypes.Count == 0 ? All
            : [.. context.Request.ResourceTypes.Select(type => (ConfigResourceType)type).Distinct()];
        if (asked.Except(All).Any())
        {
            context.Response.ErrorCode = (short)ErrorCode.UnsupportedVersion;
            return ValueTask.CompletedTask;
        }

        MetadataImage image = metadata.Image;
        foreach (ConfigResourceType type in asked)
        {
            foreach (string name in Names(type, image))
            {
                ListConfigResourcesResponse.ConfigResource resource = context.Response.ConfigResources.Add();
                resource.ResourceType = (sbyte)type;
                resource.ResourceName = name;
            }
        }

        return ValueTask.CompletedTask;
    }

    private static IEnumerable<string> Names(ConfigResourceType type, MetadataImage image) => type switch
    {
        ConfigResourceType.Topic => image.Topics.All.Select(topic => topic.Name),
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger => image.Cluster.Brokers.Values.Where(broker => !broker.Fenced).Select(broker => $"{broker.Id}"),
        _ => image.Configs.Resources.Where(pair => pair.Key.Type == type && pair.Value.Count > 0).Select(pair => pair.Key.Name),
    };
}
