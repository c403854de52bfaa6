using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>CreateTopics (key 19, v2-7): new topics with their partitions and configurations; each succeeds or fails alone.</summary>
/// <remarks>
/// v5 answers what the topic has now (KIP-525), v7 its id (KIP-516). Answered once this node acts on the topics. Errors per topic: those of the controller, NOT_CONTROLLER,
/// REQUEST_TIMED_OUT.
/// </remarks>
internal sealed class CreateTopicsHandler(ControllerWrites writes)
    : ApiHandler<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 2, 7, Listeners.Both)
{
    protected internal override async ValueTask HandleAsync(RequestContext<CreateTopicsRequest, CreateTopicsResponse> context)
    {
        CreateTopicsRequest request = context.Request;
        (ErrorCode error, CreateTopicsResponse? response) =
            await writes.RunAsync((core, _) => core.CreateTopics(request, static _ => true), context.Version, request.TimeoutMs);
        if (response is not null)
        {
            foreach (CreateTopicsResponse.CreatableTopicResult result in response.Topics)
            {
                // Null stands for "may not be described", and some clients take it for a broken answer anyway.
                result.Configs ??= [];
                context.Response.Topics.Add(result);
            }

            return;
        }

        foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
        {
            CreateTopicsResponse.CreatableTopicResult result = context.Response.Topics.Add();
            result.Name = topic.Name;
            result.ErrorCode = (short)error;
            result.ErrorMessage = null;
            result.Configs ??= [];
        }
    }
}
