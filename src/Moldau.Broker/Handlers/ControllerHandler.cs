using Moldau.Broker.Admin;
using Moldau.Broker.Network;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>The base of an API whose whole answer is the active controller's: it is asked in process, and what it says is what the client gets.</summary>
internal abstract class ControllerHandler<TRequest, TResponse>(ControllerWrites writes, ApiKey key, short minVersion, short maxVersion, Listeners listeners = Listeners.Both)
    : ApiHandler<TRequest, TResponse>(key, minVersion, maxVersion, listeners)
    where TRequest : class, IRequest<TResponse>, new()
    where TResponse : class, IResponse, new()
{
    protected internal override async ValueTask HandleAsync(RequestContext<TRequest, TResponse> context)
    {
        TRequest request = context.Request;
        (ErrorCode error, TResponse? response) = await writes.RunAsync((core, about) => Run(core, about, request), context.Version, TimeoutMs(request));
        if (response is not null) context.Answer(response);
        else Refuse(request, context.Response, error, context.Version);
    }

    /// <summary>What the controller makes of the request. Called on its loop.</summary>
    protected abstract ControllerResult<TResponse> Run(Controller core, ControllerContext context, TRequest request);

    /// <summary>Fills the answer when there is no controller or it took too long: NOT_CONTROLLER or REQUEST_TIMED_OUT.</summary>
    protected abstract void Refuse(TRequest request, TResponse response, ErrorCode error, short version);

    /// <summary>How long the client waits; null where the API does not say.</summary>
    protected virtual int? TimeoutMs(TRequest request) => null;
}
