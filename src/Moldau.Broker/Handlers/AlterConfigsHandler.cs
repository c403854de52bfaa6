using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Metadata;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AlterConfigs (key 33, v0-2): replaces everything that is set on topics, brokers, groups and client metrics. Its better form is IncrementalAlterConfigs.</summary>
/// <remarks>Loggers cannot be changed by it. Errors per resource: INVALID_CONFIG, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class AlterConfigsHandler(ConfigAlterations alterations)
    : ApiHandler<AlterConfigsRequest, AlterConfigsResponse>(ApiKey.AlterConfigs, 0, 2, Listeners.Both)
{
    protected internal override async ValueTask HandleAsync(RequestContext<AlterConfigsRequest, AlterConfigsResponse> context)
    {
        AlterConfigsRequest request = context.Request;
        ResourceChanges[] asked = [.. request.Resources.Select(ChangesOf)];
        IReadOnlyList<ApiError> errors = await alterations.RunAsync(asked, replaces: true, request.ValidateOnly, context.Connection.Listener.Kind, context.Version);
        for (int i = 0; i < asked.Length; i++)
        {
            AlterConfigsResponse.AlterConfigsResourceResponse answer = context.Response.Responses.Add();
            answer.ResourceType = (sbyte)asked[i].Resource.Type;
            answer.ResourceName = asked[i].Resource.Name;
            answer.ErrorCode = (short)errors[i].Code;
            answer.ErrorMessage = errors[i].Message;
        }
    }

    private static ResourceChanges ChangesOf(AlterConfigsRequest.AlterConfigsResource resource) => new(
        new ConfigResource((ConfigResourceType)resource.ResourceType, resource.ResourceName),
        [.. resource.Configs.Select(config => new ConfigChange(config.Name, ConfigOperation.Set, config.Value))]);
}
