using System.Net;
using Microsoft.Extensions.Logging;
using Moldau.Broker.Handlers;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Network;

/// <summary>
/// A client's connection: one loop reads frames, decodes and begins them in order of arrival; responses leave through the <see cref="ResponseQueue"/>.
/// </summary>
/// <remarks>
/// The named place where a connection's operating failures end: a broken network, a frame too large, bytes that are no request, an API not served. Each
/// closes the connection without an answer, as Kafka does. A bug met while a request was decoded or handled closes it too, and is logged as an error: what one client
/// sends must not take the node from the others. A broken invariant ends the node.
/// </remarks>
internal sealed class ClientConnection
{
    private readonly IConnection connection;
    private readonly NetworkOptions options;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly FrameReader frames;
    private readonly RequestDecoder decoder;
    private readonly ResponseQueue responses;
    private readonly Action<Exception> fatal;
    private readonly CancellationTokenSource closed = new();
    private readonly NextSignal turn = new();
    private bool isTrusted;
    private volatile bool isDraining;
    private int isClosed;

    public ClientConnection(IConnection connection, ListenerEndpoint listener, ServerParts parts)
    {
        this.connection = connection;
        Listener = listener;
        options = parts.Options;
        logger = parts.Logger;
        time = parts.Scheduler.Time;
        fatal = parts.Fatal;
        frames = new FrameReader(connection, parts.Buffers);
        decoder = new RequestDecoder(parts.Handlers, listener.Kind, this);
        responses = new ResponseQueue(connection, parts.Writers, Fail, End);
        Closed = closed.Token;
        LastActive = time.GetTimestamp();
    }

    /// <summary>The listener it came in on.</summary>
    public ListenerEndpoint Listener { get; }

    /// <summary>The peer.</summary>
    public EndPoint Remote => connection.Remote;

    /// <summary>The peer's address, without port.</summary>
    public IPAddress? RemoteAddress => (connection.Remote as IPEndPoint)?.Address;

    /// <summary>What the client calls its software, from ApiVersions v3; "unknown" until then.</summary>
    public string SoftwareName { get; set; } = "unknown";

    /// <summary>The version of <see cref="SoftwareName"/>.</summary>
    public string SoftwareVersion { get; set; } = "unknown";

    /// <summary>Cancelled when the connection is gone.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Timestamp of the last request.</summary>
    public long LastActive { get; private set; }

    /// <summary>Whether a request is under way.</summary>
    public bool IsBusy => responses.Count > 0;

    /// <summary>Reads until the connection ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await ReadAsync())
            {
            }
        }
        catch (Exception e) when (e is not InvariantViolationException)
        {
            Fail(e);
        }
        finally
        {
            // What was answered before the peer stopped sending still goes out.
            if (Volatile.Read(ref isClosed) == 0) await responses.WaitUntilDrainedAsync();
            Close();
            frames.Dispose();
            await connection.DisposeAsync();
        }
    }

    /// <summary>Ends the connection once what is under way has been answered; completes then.</summary>
    public async Task DrainAsync()
    {
        isDraining = true;
        await responses.WaitUntilDrainedAsync();
        Close();
    }

    /// <summary>Cuts the connection.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref isClosed, 1) != 0) return;
        connection.Abort();
        closed.Cancel();
        responses.Close();
    }

    /// <summary>The request whose turn it is lets the next one begin; called once per request.</summary>
    internal void EndTurn() => turn.Set();

    private async ValueTask<bool> ReadAsync()
    {
        if (!await frames.FillAsync()) return false;
        int maxBytes = isTrusted ? options.SocketRequestMaxBytes : Math.Min(Limits.FirstFrameBytes, options.SocketRequestMaxBytes);
        while (frames.TryTake(maxBytes, out ReadOnlyMemory<byte> frame))
        {
            if (isDraining) return false;
            LastActive = time.GetTimestamp();
            RequestContext context = decoder.Decode(frame);
            isTrusted = true;
            maxBytes = options.SocketRequestMaxBytes;
            ValueTask room = responses.WaitForRoomAsync();
            if (!room.IsCompleted) responses.Send();
            await room;
            await BeginAsync(context);
        }

        responses.Send();
        return true;
    }

    // Completes when the next request may begin. Each request ends its turn once, so one signal of the connection serves all of them.
    private ValueTask BeginAsync(RequestContext context)
    {
        responses.Add(context);
        turn.Reset();
        ValueTask work = Handle(context);
        if (work.IsCompletedSuccessfully)
        {
            responses.Complete(context, more: !frames.IsEmpty);
            return ValueTask.CompletedTask;
        }

        return WaitForTurnAsync(context, work);
    }

    private ValueTask WaitForTurnAsync(RequestContext context, ValueTask work)
    {
        responses.Send();
        if (!context.Handler.HoldsFrame) frames.ReleaseIfEmpty();
        ValueTask ended = turn.WaitAsync();
        _ = FinishAsync(context, work);
        return ended;
    }

    private static ValueTask Handle(RequestContext context)
    {
        try
        {
            return context.HandleAsync();
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    private async Task FinishAsync(RequestContext context, ValueTask work)
    {
        try
        {
            await work;
        }
        catch (InvariantViolationException e)
        {
            fatal(e);
            return;
        }
        catch (Exception e)
        {
            context.SendsNoAnswer = true;
            Fail(e);
        }

        // Before the completion: once that is done the context may be another request's.
        context.LetNextBegin();
        responses.Complete(context);
    }

    // The protocol ends the connection instead of an answer (Produce with acks=0 that failed); what was answered before still arrives.
    private void End()
    {
        if (Interlocked.Exchange(ref isClosed, 1) != 0) return;
        logger.ConnectionEnded(Remote, "closed instead of an answer");
        _ = connection.DisposeAsync().AsTask();
        closed.Cancel();
        responses.Close();
    }

    private void Fail(Exception cause)
    {
        if (cause is not (IOException or OperationCanceledException)) logger.HandlerFailed(Remote, cause);
        else if (Volatile.Read(ref isClosed) == 0) logger.ConnectionEnded(Remote, cause.Message);
        Close();
    }
}
