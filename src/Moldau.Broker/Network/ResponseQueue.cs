using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Network;

/// <summary>
/// One connection's requests under way. Responses leave in the order of the requests, however they complete; all that are ready leave in one send.
/// Requests are added by the read loop; completion comes from any thread.
/// </summary>
internal sealed class ResponseQueue(IConnection connection, ResponseWriters writers, Action<Exception> failed, Action ended)
{
    private readonly Lock gate = new();
    private readonly Queue<RequestContext> inOrder = new();
    private readonly List<RequestContext> sending = [];
    private NextSignal? room;
    private TaskCompletionSource? drained;
    private bool isSending, isClosed;

    /// <summary>Requests under way.</summary>
    public int Count
    {
        get
        {
            lock (gate) return inOrder.Count + sending.Count;
        }
    }

    /// <summary>Adds a request in its order.</summary>
    public void Add(RequestContext context)
    {
        lock (gate) inOrder.Enqueue(context);
    }

    /// <summary>Marks a response as ready. It is sent at once, or, with <paramref name="more"/>, when the read loop calls <see cref="Send"/>.</summary>
    public void Complete(RequestContext context, bool more = false)
    {
        lock (gate)
        {
            context.IsDone = true;
            if (more && inOrder.Count < Limits.ResponsesPerSend) return;
        }

        Send();
    }

    /// <summary>Sends what is ready.</summary>
    public void Send()
    {
        lock (gate)
        {
            if (isSending || inOrder.Count == 0 || !inOrder.Peek().IsDone) return;
            isSending = true;
        }

        _ = SendAllAsync();
    }

    /// <summary>Completes when another request may be added.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (gate)
        {
            if (isClosed || inOrder.Count + sending.Count < Limits.RequestsInFlight) return ValueTask.CompletedTask;
            room ??= new NextSignal();
            room.Reset();
            return room.WaitAsync();
        }
    }

    /// <summary>Completes when nothing is under way any more.</summary>
    public Task WaitUntilDrainedAsync()
    {
        lock (gate)
        {
            if (inOrder.Count + sending.Count == 0) return Task.CompletedTask;
            return (drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Drops what is ready or becomes ready from now on.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            room?.Set();
        }

        Send();
    }

    private async Task SendAllAsync()
    {
        WireWriter writer = writers.Rent();
        try
        {
            while (TakeReady())
            {
                bool closes = Encode(writer);
                if (writer.Length > 0) await SendAsync(writer);
                Retire(writer);
                if (closes) ended();
            }
        }
        catch (Exception e)
        {
            // A handler filled in what the version cannot carry: a bug. The connection's owner says so in the log.
            failed(e);
        }
        finally
        {
            writers.Return(writer);
        }
    }

    private async ValueTask SendAsync(WireWriter writer)
    {
        if (Volatile.Read(ref isClosed)) return;
        try
        {
            await connection.SendAsync(writer.Segments, CancellationToken.None);
        }
        catch (IOException e)
        {
            failed(e);
        }
    }

    // Moves ready responses from the head of the queue into `sending`; false, and no longer sending, when there are none.
    private bool TakeReady()
    {
        lock (gate)
        {
            long bytes = 0;
            while (sending.Count < Limits.ResponsesPerSend && bytes < Limits.BytesPerSend && inOrder.TryPeek(out RequestContext? next) && next.IsDone)
            {
                sending.Add(inOrder.Dequeue());
                bytes += next.ResponseBytesHint;
            }

            isSending = sending.Count > 0;
            return isSending;
        }
    }

    private bool Encode(WireWriter writer)
    {
        foreach (RequestContext context in sending)
        {
            if (context.ClosesConnection) return true;
            if (!context.SendsNoAnswer) ResponseEncoder.Encode(context, writer);
        }

        return false;
    }

    private void Retire(WireWriter writer)
    {
        foreach (WireSegment segment in writer.Segments) segment.Region?.File.Release();
        writer.Reset();
        foreach (RequestContext context in sending) context.Release();
        lock (gate)
        {
            sending.Clear();
            if (inOrder.Count < Limits.RequestsInFlight) room?.Set();
            if (inOrder.Count > 0) return;
            drained?.TrySetResult();
            drained = null;
        }
    }
}
