using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Metadata;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>IncrementalAlterConfigs (key 44, v0-1): sets, deletes, appends to or takes from single keys of topics, brokers, loggers, groups and client metrics (KIP-339).</summary>
/// <remarks>
/// A resource changes as a whole or not at all. Errors per resource: INVALID_CONFIG, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, NOT_CONTROLLER, REQUEST_TIMED_OUT.
/// </remarks>
internal sealed class IncrementalAlterConfigsHandler(ConfigAlterations alterations)
    : ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 0, 1, Listeners.Both)
{
    protected internal override async ValueTask HandleAsync(RequestContext<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> context)
    {
        IncrementalAlterConfigsRequest request = context.Request;
        ResourceChanges[] asked = [.. request.Resources.Select(ChangesOf)];
        IReadOnlyList<ApiError> errors = await alterations.RunAsync(asked, replaces: false, request.ValidateOnly, context.Connection.Listener.Kind, context.Version);
        for (int i = 0; i < asked.Length; i++)
        {
            IncrementalAlterConfigsResponse.AlterConfigsResourceResponse answer = context.Response.Responses.Add();
            answer.ResourceType = (sbyte)asked[i].Resource.Type;
            answer.ResourceName = asked[i].Resource.Name;
            answer.ErrorCode = (short)errors[i].Code;
            answer.ErrorMessage = errors[i].Message;
        }
    }

    private static ResourceChanges ChangesOf(IncrementalAlterConfigsRequest.AlterConfigsResource resource) => new(
        new ConfigResource((ConfigResourceType)resource.ResourceType, resource.ResourceName),
        [.. resource.Configs.Select(config => new ConfigChange(config.Name, (ConfigOperation)config.ConfigOperation, config.Value))]);
}
