namespace Moldau.Storage;

/// <summary>How a node cleans its compacted logs: Kafka's <c>log.cleaner.*</c> keys, with Kafka's defaults. Immutable; a change swaps the whole record.</summary>
public sealed record CleanerOptions
{
    /// <summary><c>log.cleaner.enable</c>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary><c>log.cleaner.threads</c>: logs cleaned at a time.</summary>
    public int Threads { get; init; } = 1;

    /// <summary><c>log.cleaner.backoff.ms</c>: rest when nothing is to be cleaned.</summary>
    public long BackoffMs { get; init; } = 15_000;

    /// <summary><c>log.cleaner.dedupe.buffer.size</c>: bytes for the maps of keys, over all threads. Taken as it is needed.</summary>
    public long DedupeBufferBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary><c>log.cleaner.io.buffer.load.factor</c>: how full a map may get, 0 to 1.</summary>
    public double DedupeBufferLoadFactor { get; init; } = 0.9;

    /// <summary><c>log.cleaner.io.buffer.size</c>: bytes for reading and writing, over all threads; larger batches take more for the moment.</summary>
    public int IoBufferBytes { get; init; } = 512 * 1024;

    /// <summary><c>log.cleaner.io.max.bytes.per.second</c>: bytes read and written per second, over all threads.</summary>
    public double IoBytesPerSecondMax { get; init; } = double.MaxValue;
}
