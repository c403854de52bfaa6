using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>The listeners an API is served on.</summary>
[Flags]
internal enum Listeners
{
    /// <summary>Clients' and brokers' listeners.</summary>
    Broker = 1,

    /// <summary>Listeners named by <c>controller.listener.names</c>.</summary>
    Controller = 2,

    /// <summary>Both.</summary>
    Both = Broker | Controller,
}

/// <summary>
/// One API of the wire protocol. A handler exists once per node and keeps no state of a request: that is in the context. Derive from
/// <see cref="ApiHandler{TRequest,TResponse}"/>.
/// </summary>
internal abstract class ApiHandler(ApiKey key, short minVersion, short maxVersion, Listeners listeners)
{
    /// <summary>The API.</summary>
    public ApiKey Key { get; } = key;

    /// <summary>Lowest version that is served.</summary>
    public short MinVersion { get; } = minVersion;

    /// <summary>Highest version that is served.</summary>
    public short MaxVersion { get; } = maxVersion;

    /// <summary>Where it is served.</summary>
    public Listeners Listeners { get; } = listeners;

    /// <summary>Lowest version that ApiVersions names. Lower than <see cref="MinVersion"/> only where clients draw wrong conclusions from the truth.</summary>
    public virtual short AdvertisedMinVersion => MinVersion;

    /// <summary>Whether requests hold <see cref="Records"/>, that is, slices of the frame they came in.</summary>
    public virtual bool HoldsFrame => false;

    /// <summary>Whether a kind of listener serves it. A listener of both kinds is one for clients: what nodes alone ask each other is not served there.</summary>
    public bool IsServedOn(Listeners listener) => (Listeners & (listener == Listeners.Controller ? Listeners.Controller : Listeners.Broker)) != 0;

    /// <summary>A context for the next request: recycled, or new.</summary>
    internal abstract RequestContext Rent(ClientConnection connection);
}

/// <summary>
/// The base of a handler. <see cref="HandleAsync"/> fills the context's response and returns; the connection sends it, in the order of requests.
/// Requests of one connection are handled one at a time, as in Kafka: the next begins when <see cref="HandleAsync"/> has completed, or when it has
/// called <see cref="RequestContext.LetNextBegin"/>. Outcomes are error codes in the response; an exception that escapes is a bug, is logged, and closes the connection.
/// </summary>
internal abstract class ApiHandler<TRequest, TResponse>(ApiKey key, short minVersion, short maxVersion, Listeners listeners = Listeners.Broker)
    : ApiHandler(key, minVersion, maxVersion, listeners)
    where TRequest : class, IRequest<TResponse>, new()
    where TResponse : class, IResponse, new()
{
    private readonly Lock gate = new();
    private readonly Stack<RequestContext<TRequest, TResponse>> idle = new();

    /// <summary>
    /// Answers one request: reads <c>context.Request</c>, fills <c>context.Response</c> (which is at its defaults). Runs on the network thread until its first
    /// await, so nothing in it blocks. <see cref="Records"/> of the request are valid until the returned task completes or <c>LetNextBegin</c> is called.
    /// </summary>
    protected internal abstract ValueTask HandleAsync(RequestContext<TRequest, TResponse> context);

    internal override RequestContext Rent(ClientConnection connection)
    {
        RequestContext<TRequest, TResponse>? context;
        lock (gate) idle.TryPop(out context);
        context ??= new RequestContext<TRequest, TResponse>(this);
        context.Begin(connection);
        return context;
    }

    internal void Recycle(RequestContext<TRequest, TResponse> context)
    {
        lock (gate)
        {
            if (idle.Count < Limits.IdleContextsPerApi) idle.Push(context);
        }
    }
}
