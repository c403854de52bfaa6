using Moldau.Protocol;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage;

/// <summary>
/// What a read found. <see cref="Records"/> is a region of the segment's file, kept open until the region's file is released
/// (<see cref="IRegionFile.Release"/>, once); it may end inside a batch.
/// </summary>
public readonly struct LogReadResult
{
    internal LogReadResult(ErrorCode error, Records records, LogState log)
    {
        Error = error;
        Records = records;
        LogStartOffset = (Offset)log.LogStartOffset;
        HighWatermark = (Offset)log.HighWatermark;
        LastStableOffset = (Offset)log.LastStableOffset;
        LogEndOffset = (Offset)log.End.Offset;
    }

    /// <summary>NONE, OFFSET_OUT_OF_RANGE, or KAFKA_STORAGE_ERROR when the log directory is offline.</summary>
    public ErrorCode Error { get; }

    /// <summary>The batches; empty when there are none in the range.</summary>
    public Records Records { get; }

    /// <summary>Bytes of <see cref="Records"/>.</summary>
    public int SizeInBytes => Records.Length;

    /// <summary>The log's first offset when the read was done.</summary>
    public Offset LogStartOffset { get; }

    /// <summary>The log's high watermark when the read was done.</summary>
    public Offset HighWatermark { get; }

    /// <summary>The log's last stable offset when the read was done.</summary>
    public Offset LastStableOffset { get; }

    /// <summary>The log's end when the read was done.</summary>
    public Offset LogEndOffset { get; }

    /// <summary>The segments as they were: what is asked about the read later must not miss one that retention took away since.</summary>
    internal LogSegment[]? Segments { get; init; }

    internal int SegmentIndex { get; init; }

    internal int Position { get; init; }

    internal static LogReadResult Fail(ErrorCode error, LogState log) => new(error, Records.Empty, log);

    internal static LogReadResult Nothing(LogState log) => new(ErrorCode.None, Records.Empty, log);
}
