using Moldau.Protocol.Compression;

namespace Moldau.Client.Producing;

/// <summary>When a record counts as delivered; the numbers are Kafka's.</summary>
public enum Acks : short
{
    /// <summary>As soon as it is handed to the network: nothing is known of its fate.</summary>
    None = 0,

    /// <summary>When the leader has it.</summary>
    Leader = 1,

    /// <summary>When every replica in sync has it, and it is durable as the broker promises.</summary>
    All = -1,
}

/// <summary>How a producer works. Names and defaults follow Kafka's producer configuration.</summary>
public sealed record ProducerOptions
{
    /// <summary><c>acks</c>. Default all.</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary><c>enable.idempotence</c>: retries make no duplicates and keep the order. Needs acks=all. Default true; off when acks is not all.</summary>
    public bool Idempotence { get; init; } = true;

    /// <summary><c>compression.type</c>. Default none.</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>The codec's level; null: its default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary><c>linger.ms</c>: how long a batch waits for more records. Default 5 ms.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary><c>batch.size</c>: bytes at which a batch is sent without waiting. Default 16 KiB.</summary>
    public int BatchBytes { get; init; } = 16 * 1024;

    /// <summary><c>max.request.size</c>: bytes of the largest request, and of the largest record. Default 1 MiB.</summary>
    public int RequestBytesMax { get; init; } = 1024 * 1024;

    /// <summary><c>buffer.memory</c>: bytes of records that are not delivered yet; further ones wait. Default 32 MiB.</summary>
    public long BufferBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary><c>max.block.ms</c>: how long a send waits for room or metadata. Default 60 s.</summary>
    public TimeSpan BlockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>delivery.timeout.ms</c>: how long a record is tried, from its sending on. Default 2 minutes.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary><c>request.timeout.ms</c> of produce requests, which also bounds the broker's wait for replicas. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>max.in.flight.requests.per.connection</c>, 1 to 5. Without idempotence more than one may change the order on a retry. Default 5.</summary>
    public int InFlightMax { get; init; } = Limits.ProduceRequestsInFlight;

    internal bool IsIdempotent => Idempotence && Acks == Acks.All;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(InFlightMax, 1, nameof(InFlightMax));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(InFlightMax, Limits.ProduceRequestsInFlight, nameof(InFlightMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestBytesMax, 1, nameof(RequestBytesMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferBytes, 1, nameof(BufferBytes));
    }
}
