using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>DeleteTopics (key 20, v1-6): removes topics by name or, from v6, by id (KIP-516); each succeeds or fails alone.</summary>
/// <remarks>Answered once this node no longer serves them. Errors per topic: those of the controller, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class DeleteTopicsHandler(ControllerWrites writes)
    : ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse>(ApiKey.DeleteTopics, 1, 6, Listeners.Both)
{
    protected internal override async ValueTask HandleAsync(RequestContext<DeleteTopicsRequest, DeleteTopicsResponse> context)
    {
        DeleteTopicsRequest request = context.Request;
        (ErrorCode error, DeleteTopicsResponse? response) = await writes.RunAsync(
            (core, controllerContext) => core.DeleteTopics(controllerContext, request, static _ => true, static _ => true), context.Version, request.TimeoutMs);
        if (response is not null)
        {
            foreach (DeleteTopicsResponse.DeletableTopicResult result in response.Responses) context.Response.Responses.Add(result);
            return;
        }

        foreach (string name in request.TopicNames) Add(context.Response, name, Uuid.Zero, error);
        foreach (DeleteTopicsRequest.DeleteTopicState topic in request.Topics) Add(context.Response, topic.Name, topic.TopicId, error);
    }

    private static void Add(DeleteTopicsResponse response, string? name, Uuid id, ErrorCode error)
    {
        DeleteTopicsResponse.DeletableTopicResult result = response.Responses.Add();
        result.Name = name;
        result.TopicId = id;
        result.ErrorCode = (short)error;
    }
}
