namespace Moldau.Raft;

/// <summary>At most one request under way per node, and a pause after a failure. An answer that nobody waits for any more is not believed.</summary>
internal sealed class RequestTracker(int requestTimeoutMs, int retryBackoffMs)
{
    private readonly SortedDictionary<int, Connection> connections = [];
    private int lastCorrelationId;

    /// <summary>Whether a request may be sent to this node now.</summary>
    public bool CanSend(int nodeId, long nowMs) => ReadyAt(nodeId) <= nowMs;

    /// <summary>When the next request may be sent to this node.</summary>
    public long ReadyAt(int nodeId) => connections.GetValueOrDefault(nodeId)?.ReadyAtMs ?? long.MinValue;

    /// <summary>Notes a request; returns its correlation id.</summary>
    public int Sent(int nodeId, long nowMs)
    {
        lastCorrelationId = lastCorrelationId == int.MaxValue ? 1 : lastCorrelationId + 1;
        connections[nodeId] = new Connection(lastCorrelationId, nowMs + requestTimeoutMs);
        return lastCorrelationId;
    }

    /// <summary>Whether an answer with this correlation id is waited for.</summary>
    public bool IsExpected(int nodeId, int correlationId) => connections.GetValueOrDefault(nodeId)?.CorrelationId == correlationId;

    /// <summary>The request is done.</summary>
    public void Done(int nodeId, int correlationId, bool succeeded, long nowMs)
    {
        if (!IsExpected(nodeId, correlationId)) return;
        if (succeeded) connections.Remove(nodeId);
        else connections[nodeId] = new Connection(0, nowMs + retryBackoffMs);
    }

    /// <summary>Forgets all: a new role asks for other things.</summary>
    public void Reset() => connections.Clear();

    private sealed record Connection(int CorrelationId, long ReadyAtMs);
}
