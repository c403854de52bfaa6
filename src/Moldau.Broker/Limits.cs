namespace Moldau.Broker;

/// <summary>The broker's bounds: every queue, cache and loop that a client can fill has its limit here.</summary>
internal static class Limits
{
    /// <summary>Largest frame before a connection's first valid request. Not smaller than a producer's first request may be (max.request.size is 1 MiB):
    /// some clients send no ApiVersions to a broker whose versions they already know.</summary>
    public const int FirstFrameBytes = 2 * 1024 * 1024;

    /// <summary>Smallest receive buffer, bytes; it grows with the frames that a connection sends.</summary>
    public const int ReceiveBufferBytes = 16 * 1024;

    /// <summary>Frames over which a connection's receive buffer is fitted to what it sends.</summary>
    public const int FramesPerFit = 64;

    /// <summary>Requests of one connection under way at most; the next is not read before one is answered.</summary>
    public const int RequestsInFlight = 128;

    /// <summary>Responses sent in one go at most.</summary>
    public const int ResponsesPerSend = 64;

    /// <summary>Bytes after which a batch of responses is sent without waiting for more of them.</summary>
    public const int BytesPerSend = 256 * 1024;

    /// <summary>Contexts kept for recycling per API.</summary>
    public const int IdleContextsPerApi = 64;

    /// <summary>Response writers kept for recycling.</summary>
    public const int IdleWriters = 64;

    /// <summary>Array elements that a recycled request or response may hold on to; a context that grew beyond is dropped.</summary>
    public const int RecycledFrameBytes = 256 * 1024;

    /// <summary>Client software names and client ids kept as strings.</summary>
    public const int CachedStrings = 4096;

    /// <summary>Pieces of work that wait for one event loop; far above what the requests under way can cause.</summary>
    public const int EventLoopQueue = 1_000_000;

    /// <summary>Committed batches taken into one publication while the publisher is behind.</summary>
    public const int BatchesPerPublication = 10_000;

    /// <summary>Topics under automatic creation at the same time; more are created when clients ask again.</summary>
    public const int TopicsCreatedAtOnce = 1000;

    /// <summary>How long the first question for a group's coordinator waits for its topic; clients wait thirty seconds for an answer.</summary>
    public static readonly TimeSpan GroupTopicCreationWait = TimeSpan.FromSeconds(10);

    /// <summary>Compressed bytes of a Produce request that are unpacked and checked on the network thread; more of them go to another.</summary>
    public const int InlineCompressedBytes = 32 * 1024;

    /// <summary>Waiters of a partition before ended ones are cleared away.</summary>
    public const int WatchersBeforePrune = 16;

    /// <summary>Replicas in one AssignReplicasToDirs request; as many as Kafka's broker sends.</summary>
    public const int AssignmentsPerRequest = 2250;

    /// <summary>Pause before an assignment to a log directory is told to the controller again.</summary>
    public static readonly TimeSpan AssignmentRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes of a log that are moved to another directory at a time; fewer where the throttle allows fewer in a second.</summary>
    public const int MoveStepBytes = 1024 * 1024;

    /// <summary>Pause before a move goes on that met files which were being removed.</summary>
    public static readonly TimeSpan MoveRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>Pauses of a throttle below this are not worth a timer.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    /// <summary>Pause between two tries to register.</summary>
    public static readonly TimeSpan RegistrationRetry = TimeSpan.FromMilliseconds(50);

    /// <summary>Pause between heartbeats while the controller moves leadership away.</summary>
    public static readonly TimeSpan ShutdownPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a stopping node waits for the controller to move leadership away.</summary>
    public static readonly TimeSpan ControlledShutdownTime = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopping node waits for requests under way.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>Pause after a failed accept (too many open files): the loop must not spin.</summary>
    public static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>The same, when connections may be idle for a moment only.</summary>
    public static readonly TimeSpan ShortestHousekeeping = TimeSpan.FromMilliseconds(100);

    /// <summary>How often idle connections are looked for, and idle buffers given back.</summary>
    public static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(30);
}
