using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>AlterConfigs (key 33, v0-2): replaces everything that is set on topics, brokers, groups and client metrics. Its better form is IncrementalAlterConfigs.</summary>
/// <remarks>Loggers cannot be changed by it. Errors per resource: INVALID_CONFIG, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class AlterConfigsHandler(ControllerWrites writes, ConfigAlterations alterations)
    : ApiHandler<AlterConfigsRequest, AlterConfigsResponse>(ApiKey.AlterConfigs, 0, 2, Listeners.Both)
{
    protected internal override async ValueTask HandleAsync(RequestContext<AlterConfigsRequest, AlterConfigsResponse> context)
    {
        AlterConfigsRequest request = context.Request;
        var rest = new AlterConfigsRequest { ValidateOnly = request.ValidateOnly };
        var answers = new Dictionary<(sbyte Type, string Name), ApiError>();
        foreach (IGrouping<(sbyte Type, string Name), AlterConfigsRequest.AlterConfigsResource> group in request.Resources.GroupBy(resource => (resource.ResourceType, resource.ResourceName)))
        {
            AlterConfigsRequest.AlterConfigsResource resource = group.First();
            IReadOnlyList<ConfigAlteration> asked = [.. resource.Configs.Select(config => new ConfigAlteration(config.Name, 0, config.Value))];
            ApiError? error = alterations.Check((ConfigResourceType)resource.ResourceType, resource.ResourceName, false, group.Skip(1).Any(), asked, context.Connection.Listener.Kind);
            if (error is { } known) answers[group.Key] = known;
            else rest.Resources.Add(resource);
        }

        await AskControllerAsync(rest, context.Version, answers);
        foreach (AlterConfigsRequest.AlterConfigsResource resource in request.Resources)
        {
            ApiError error = answers[(resource.ResourceType, resource.ResourceName)];
            AlterConfigsResponse.AlterConfigsResourceResponse answer = context.Response.Responses.Add();
            answer.ResourceType = resource.ResourceType;
            answer.ResourceName = resource.ResourceName;
            answer.ErrorCode = (short)error.Code;
            answer.ErrorMessage = error.Message;
        }
    }

    private async ValueTask AskControllerAsync(AlterConfigsRequest rest, short version, Dictionary<(sbyte Type, string Name), ApiError> answers)
    {
        if (rest.Resources.Count == 0) return;
        (ErrorCode error, AlterConfigsResponse? response) = await writes.RunAsync((core, _) => core.AlterConfigs(rest), version, null);
        foreach (AlterConfigsRequest.AlterConfigsResource resource in rest.Resources) answers[(resource.ResourceType, resource.ResourceName)] = new ApiError(error);
        if (response is null) return;
        foreach (AlterConfigsResponse.AlterConfigsResourceResponse answer in response.Responses)
        {
            answers[(answer.ResourceType, answer.ResourceName)] = new ApiError((ErrorCode)answer.ErrorCode, answer.ErrorMessage);
        }
    }
}
