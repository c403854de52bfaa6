using Moldau.Protocol;

namespace Moldau.Client.Connections;

/// <summary>The requests of a connection in the order of their correlation ids: those not yet sent, and those not yet answered. Thread-safe.</summary>
internal sealed class RequestQueue
{
    private readonly Lock gate = new();
    private readonly Queue<PendingRequest> unsent = new();
    private readonly Queue<PendingRequest> unanswered = new();
    private readonly Stack<WireWriter> idle = new();
    private Exception? closed;
    private int nextCorrelationId;

    /// <summary>Encodes a request and puts it behind the others.</summary>
    /// <param name="make">Makes the request for a correlation id and writes it.</param>
    /// <exception cref="KafkaConnectionException">The connection has ended.</exception>
    public TRequest Add<TRequest>(Func<int, WireWriter, TRequest> make)
        where TRequest : PendingRequest
    {
        lock (gate)
        {
            if (closed is not null) throw new KafkaConnectionException(closed.Message, closed);
            WireWriter writer = idle.Count > 0 ? idle.Pop() : new WireWriter();
            TRequest request;
            try
            {
                request = make(nextCorrelationId, writer);
            }
            catch
            {
                writer.Dispose();
                throw;
            }

            nextCorrelationId = nextCorrelationId == int.MaxValue ? 0 : nextCorrelationId + 1;
            request.Frame = writer;
            unsent.Enqueue(request);
            return request;
        }
    }

    /// <summary>Takes what is to be sent next. What is answered waits for that from here on, since an answer can be faster than the send's end.</summary>
    public void TakeUnsent(List<PendingRequest> taken)
    {
        lock (gate)
        {
            while (taken.Count < Limits.RequestsPerSend && unsent.TryDequeue(out PendingRequest? request))
            {
                taken.Add(request);
                if (request.IsAnswered) unanswered.Enqueue(request);
            }
        }
    }

    /// <summary>Takes back the writer of a request that has been sent.</summary>
    public void Sent(PendingRequest request)
    {
        WireWriter writer = request.Frame!;
        request.Frame = null;
        writer.Reset();
        lock (gate)
        {
            if (closed is null && idle.Count < Limits.IdleWriters)
            {
                idle.Push(writer);
                return;
            }
        }

        writer.Dispose();
    }

    /// <summary>The request that the next answer is for; null when none is.</summary>
    public PendingRequest? NextAnswered(bool remove)
    {
        lock (gate)
        {
            if (remove) return unanswered.TryDequeue(out PendingRequest? taken) ? taken : null;
            return unanswered.TryPeek(out PendingRequest? next) ? next : null;
        }
    }

    /// <summary>The earliest deadline of all requests; null when there is none.</summary>
    public long? EarliestDeadline()
    {
        lock (gate)
        {
            long? earliest = null;
            foreach (PendingRequest request in unanswered) earliest = Math.Min(earliest ?? long.MaxValue, request.Deadline);
            foreach (PendingRequest request in unsent) earliest = Math.Min(earliest ?? long.MaxValue, request.Deadline);
            return earliest;
        }
    }

    /// <summary>Ends the queue and gives everything in it that is not done.</summary>
    public List<PendingRequest> Close(Exception reason)
    {
        lock (gate)
        {
            closed ??= reason;
            List<PendingRequest> left = [.. unanswered, .. unsent];
            unanswered.Clear();
            unsent.Clear();
            while (idle.TryPop(out WireWriter? writer)) writer.Dispose();
            return left;
        }
    }
}
