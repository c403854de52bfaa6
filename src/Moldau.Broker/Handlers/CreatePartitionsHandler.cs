using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>CreatePartitions (key 37, v0-3): raises topics' numbers of partitions; each topic succeeds or fails alone.</summary>
/// <remarks>Errors per topic: those of the controller, NOT_CONTROLLER, REQUEST_TIMED_OUT.</remarks>
internal sealed class CreatePartitionsHandler(ControllerWrites writes)
    : ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse>(ApiKey.CreatePartitions, 0, 3, Listeners.Both)
{
    protected internal override async ValueTask HandleAsync(RequestContext<CreatePartitionsRequest, CreatePartitionsResponse> context)
    {
        CreatePartitionsRequest request = context.Request;
        (ErrorCode error, CreatePartitionsResponse? response) =
            await writes.RunAsync((core, _) => core.CreatePartitions(request), context.Version, request.TimeoutMs);
        if (response is not null)
        {
            foreach (CreatePartitionsResponse.CreatePartitionsTopicResult result in response.Results) context.Response.Results.Add(result);
            return;
        }

        foreach (CreatePartitionsRequest.CreatePartitionsTopic topic in request.Topics)
        {
            CreatePartitionsResponse.CreatePartitionsTopicResult result = context.Response.Results.Add();
            result.Name = topic.Name;
            result.ErrorCode = (short)error;
        }
    }
}
