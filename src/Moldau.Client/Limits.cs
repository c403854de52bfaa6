namespace Moldau.Client;

/// <summary>The bounds of everything in this project that could grow.</summary>
internal static class Limits
{
    /// <summary>Requests of one connection that wait for an answer; further ones wait for their turn.</summary>
    public const int InFlightRequests = 256;

    /// <summary>Requests that leave in one send.</summary>
    public const int RequestsPerSend = 64;

    /// <summary>Bytes of the largest frame that is taken from a broker.</summary>
    public const int FrameBytes = 512 * 1024 * 1024;

    /// <summary>Bytes that a connection reads ahead.</summary>
    public const int ReceiveBufferBytes = 16 * 1024;

    /// <summary>Request writers that a connection keeps for reuse.</summary>
    public const int IdleWriters = 8;

    /// <summary>Callers that wait for a permit.</summary>
    public const int PermitWaiters = 100_000;

    /// <summary>Topics whose metadata a client keeps and refreshes.</summary>
    public const int KnownTopics = 100_000;

    /// <summary>Groups whose coordinator a client remembers.</summary>
    public const int KnownCoordinators = 10_000;

    /// <summary>Produce requests to one broker that wait for an answer: what the broker's memory of the last five batches allows with idempotence.</summary>
    public const int ProduceRequestsInFlight = 5;

    /// <summary>Batch builders that a producer keeps for reuse.</summary>
    public const int IdleBuilders = 64;

    /// <summary>Fetched partitions that wait to be polled.</summary>
    public const int BufferedFetches = 10_000;

    /// <summary>Commits of a consumer that wait for the one before them.</summary>
    public const int QueuedCommits = 1_000;
}
