namespace Moldau.Protocol;

/// <summary>The bounds of this project: whatever grows with what came over the wire stops here.</summary>
public static partial class Limits
{
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
}
