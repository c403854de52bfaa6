using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>IncrementalAlterConfigs (key 44, v0-1): sets, deletes, appends to or takes from single keys of topics, brokers, loggers, groups and client metrics (KIP-339).</summary>
/// <remarks>
/// A resource changes as a whole or not at all. Levels of loggers change on this node, and are forgotten by a restart (KIP-412); everything else goes through the controller.
/// Errors per resource: INVALID_CONFIG, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, NOT_CONTROLLER, REQUEST_TIMED_OUT.
/// </remarks>
internal sealed class IncrementalAlterConfigsHandler(ControllerWrites writes, ConfigAlterations alterations)
    : ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 0, 1, Listeners.Both)
{
    protected internal override async ValueTask HandleAsync(RequestContext<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> context)
    {
        IncrementalAlterConfigsRequest request = context.Request;
        var rest = new IncrementalAlterConfigsRequest { ValidateOnly = request.ValidateOnly };
        var answers = new Dictionary<(sbyte Type, string Name), ApiError>();
        foreach (IGrouping<(sbyte Type, string Name), IncrementalAlterConfigsRequest.AlterConfigsResource> group in request.Resources.GroupBy(resource => (resource.ResourceType, resource.ResourceName)))
        {
            IncrementalAlterConfigsRequest.AlterConfigsResource resource = group.First();
            IReadOnlyList<ConfigAlteration> asked = [.. resource.Configs.Select(config => new ConfigAlteration(config.Name, config.ConfigOperation, config.Value))];
            ApiError? error = alterations.Check((ConfigResourceType)resource.ResourceType, resource.ResourceName, true, group.Skip(1).Any(), asked, context.Connection.Listener.Kind);
            if (error is { } known) answers[group.Key] = known;
            else rest.Resources.Add(resource);
            if (error is { IsFailure: false } && !request.ValidateOnly) alterations.Apply(asked);
        }

        await AskControllerAsync(rest, context.Version, answers);
        foreach (IncrementalAlterConfigsRequest.AlterConfigsResource resource in request.Resources)
        {
            ApiError error = answers[(resource.ResourceType, resource.ResourceName)];
            IncrementalAlterConfigsResponse.AlterConfigsResourceResponse answer = context.Response.Responses.Add();
            answer.ResourceType = resource.ResourceType;
            answer.ResourceName = resource.ResourceName;
            answer.ErrorCode = (short)error.Code;
            answer.ErrorMessage = error.Message;
        }
    }

    private async ValueTask AskControllerAsync(IncrementalAlterConfigsRequest rest, short version, Dictionary<(sbyte Type, string Name), ApiError> answers)
    {
        if (rest.Resources.Count == 0) return;
        (ErrorCode error, IncrementalAlterConfigsResponse? response) = await writes.RunAsync((core, _) => core.IncrementalAlterConfigs(rest), version, null);
        foreach (IncrementalAlterConfigsRequest.AlterConfigsResource resource in rest.Resources) answers[(resource.ResourceType, resource.ResourceName)] = new ApiError(error);
        if (response is null) return;
        foreach (IncrementalAlterConfigsResponse.AlterConfigsResourceResponse answer in response.Responses)
        {
            answers[(answer.ResourceType, answer.ResourceName)] = new ApiError((ErrorCode)answer.ErrorCode, answer.ErrorMessage);
        }
    }
}
