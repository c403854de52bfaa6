namespace Moldau.Protocol;

/// <summary>The bounds of everything in this project that could grow.</summary>
public static class Limits
{
    /// <summary>Bytes of a string on the wire: the int16 length's limit, which Kafka keeps for the compact form too.</summary>
    public const int StringBytes = short.MaxValue;

    /// <summary>Slots of a <see cref="StringCache"/>; a new string takes the place of the one in its slot.</summary>
    public const int StringCacheSlots = 1024;

    /// <summary>Longer strings are not cached: topic names end at 249 characters.</summary>
    public const int StringCacheBytes = 256;

    /// <summary>Array elements kept for recycling after an array is cleared; what a larger message needed is given to the collector.</summary>
    public const int RecycledElements = 4096;

    /// <summary>Bytes a writer starts with.</summary>
    public const int WriterBytes = 512;

    /// <summary>A writer whose buffer grew beyond this gives it back when it is reset.</summary>
    public const int RetainedWriterBytes = 1 << 20;

    /// <summary>Wrong golden cases that a report describes; more are counted only.</summary>
    public const int DescribedFaults = 20;

    /// <summary>
    /// Bytes that one compressed batch may unfold to, unless the caller sets another bound. 128 MiB is more than a hundred times the default
    /// <c>max.message.bytes</c>; a batch that claims more is a bomb until proven otherwise.
    /// </summary>
    public const int DecompressedBatchBytes = 128 * 1024 * 1024;

    /// <summary>Bytes of the largest batch that is built: what an array may hold, with room for the log overhead.</summary>
    public const int BuiltBatchBytes = 1024 * 1024 * 1024;

    /// <summary>Record errors that one refused batch reports. A producer fails the records that are not listed along with those that are.</summary>
    public const int RecordErrors = 4096;

    /// <summary>Idle compression contexts kept for reuse, per codec and direction. A zstd context holds from 100 KB to some MB.</summary>
    public const int IdleCodecContexts = 8;

    /// <summary>Wrong golden cases that are described; the others are only counted.</summary>
    public const int DescribedGoldenCases = 20;

    /// <summary>Threads for blocking work at a time: flushes run per log directory and lane, more of them only queue at the device.</summary>
    public const int BlockingThreads = 8;

    /// <summary>Pieces of blocking work that wait. Every caller awaits what it queued, so only a runaway loop gets near.</summary>
    public const int BlockingQueue = 65_536;
}
