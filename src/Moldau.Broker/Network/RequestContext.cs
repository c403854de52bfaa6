using Moldau.Broker.Handlers;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Network;

/// <summary>One request under way, from its decoding until its response has been sent. Recycled: nobody keeps it beyond that.</summary>
internal abstract class RequestContext
{
    private int hasLetNext;

    /// <summary>The connection it came on: listener, peer, client software.</summary>
    public ClientConnection Connection { get; private set; } = null!;

    /// <summary>The request's version; the response has the same.</summary>
    public short Version { get; internal set; }

    /// <summary>The client's number for this request.</summary>
    public int CorrelationId { get; internal set; }

    /// <summary>The client's name for itself; null when it gave none.</summary>
    public string? ClientId { get; internal set; }

    /// <summary>Bytes of the request's frame.</summary>
    public int FrameBytes { get; internal set; }

    /// <summary>Cancelled when the connection is gone: whoever waits on the client's behalf may stop.</summary>
    public CancellationToken Cancellation => Connection.Closed;

    /// <summary>Set by a handler when the protocol wants no answer (Produce with acks=0).</summary>
    public bool SendsNoAnswer { get; set; }

    /// <summary>Set by a handler when the connection is to be closed after what was answered before.</summary>
    public bool ClosesConnection { get; set; }

    /// <summary>What a handler needs for a request and keeps for the next one: it stays with the recycled context.</summary>
    internal object? Scratch { get; set; }

    /// <summary>Bytes of file regions in the response, set by Fetch: what is sent in one go is bounded by it.</summary>
    internal long ResponseBytesHint { get; set; }

    /// <summary>The client asked for a version of ApiVersions that does not exist: it gets error 35 in the layout of version 0.</summary>
    internal bool IsUnknownApiVersion { get; set; }

    /// <summary>Whether the response is ready to be sent. Guarded by the response queue's lock.</summary>
    internal bool IsDone { get; set; }

    internal abstract ApiHandler Handler { get; }

    internal abstract IMessage RequestMessage { get; }

    internal abstract IResponse ResponseMessage { get; }

    /// <summary>
    /// Lets the connection begin its next request although this one is not answered yet. From here on the request's <see cref="Records"/> are gone: the
    /// frame they lie in is reused.
    /// </summary>
    public void LetNextBegin()
    {
        if (Interlocked.Exchange(ref hasLetNext, 1) == 0) Connection.EndTurn();
    }

    internal void Begin(ClientConnection connection)
    {
        Connection = connection;
        hasLetNext = 0;
        SendsNoAnswer = ClosesConnection = IsUnknownApiVersion = IsDone = false;
        FrameBytes = 0;
        ResponseBytesHint = 0;
    }

    internal abstract ValueTask HandleAsync();

    /// <summary>Takes the context back once its response is sent or dropped.</summary>
    internal abstract void Release();
}

/// <inheritdoc/>
internal sealed class RequestContext<TRequest, TResponse>(ApiHandler<TRequest, TResponse> handler) : RequestContext
    where TRequest : class, IRequest<TResponse>, new()
    where TResponse : class, IResponse, new()
{
    /// <summary>The request.</summary>
    public TRequest Request { get; } = new();

    /// <summary>The response, at its defaults until the handler fills it.</summary>
    public TResponse Response { get; private set; } = new();

    internal override ApiHandler Handler => handler;

    internal override IMessage RequestMessage => Request;

    internal override IResponse ResponseMessage => Response;

    /// <summary>Answers with a response that was made elsewhere; it is the context's from here on.</summary>
    public void Answer(TResponse response) => Response = response;

    internal override ValueTask HandleAsync() => handler.HandleAsync(this);

    internal override void Release()
    {
        // A large message without records has many elements, which a recycled one would keep.
        if (FrameBytes > Limits.RecycledFrameBytes && !handler.HoldsFrame) return;
        Response.Reset();
        handler.Recycle(this);
    }
}
