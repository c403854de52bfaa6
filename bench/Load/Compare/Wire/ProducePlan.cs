using HdrHistogram;

namespace Moldau.Load.Compare.Wire;

/// <summary>How a topic is produced to.</summary>
/// <param name="Batch">What each request carries.</param>
/// <param name="Connections">How many connections; each has its own partitions where there are enough of them.</param>
/// <param name="Depth">Unanswered requests of each.</param>
/// <param name="Acks">1, or -1 for all.</param>
internal sealed record ProducePlan(BatchTemplate Batch, int Connections, int Depth, short Acks)
{
    /// <summary>Whether each connection is an idempotent producer; Kafka then allows five unanswered requests.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>Requests a second of all connections; null: as many as are answered.</summary>
    public double? PerSecond { get; init; }

    /// <summary>Gets the time from the intended send to the answer, in nanoseconds.</summary>
    public LongHistogram? Latency { get; init; }

    /// <summary>The partitions that a connection sends to.</summary>
    public static int[] PartitionsOf(int connection, int connections, int partitions) =>
        partitions < connections
            ? [connection % partitions]
            : [.. Enumerable.Range(0, partitions).Where(partition => partition % connections == connection)];
}
