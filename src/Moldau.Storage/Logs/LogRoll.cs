using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Storage.Producers;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>When a log begins a new segment, and how.</summary>
internal static class LogRoll
{
    /// <summary>
    /// Whether the active segment must be closed before such an append: it would grow too large, it spans too long, an index is full, or the
    /// last offset cannot be written relative to its first.
    /// </summary>
    public static bool IsDue(LogState log, int bytes, long maxTimestampMs, long lastOffset, long nowMs)
    {
        LogSegment active = log.Active;
        LogConfig config = log.Config;
        if (active.Size > config.SegmentBytes - (long)bytes) return true;
        if (active.Size > 0 && Waited(active, maxTimestampMs, nowMs) > config.SegmentMs - active.RollJitterMs) return true;
        return active.Offsets.IsFull(config.SegmentIndexBytes) || active.Times.IsFull(config.SegmentIndexBytes) || !active.Reaches(lastOffset);
    }

    /// <summary>Closes the active segment and begins one at an offset. Called with the gate.</summary>
    public static LogSegment Roll(LogState log, long baseOffset, long nowMs)
    {
        LogSegment active = log.Active;
        Invariant.That(baseOffset >= log.End.Offset);
        if (active.Size == 0 && active.BaseOffset == baseOffset) return active;
        active.Trim();
        active.FinishIndexes();
        log.Producers.EndOffset = baseOffset;
        Snapshot(log);
        LogSegment next = Begin(log, baseOffset, nowMs);
        log.NamesUnflushed = true;
        log.Segments = active.Size == 0 && active.BaseOffset > baseOffset ? [.. log.Segments[..^1], next] : [.. log.Segments, next];
        log.End = new LogMark(baseOffset, baseOffset, 0);
        log.Verify();
        return next;
    }

    /// <summary>Makes a segment's file, with its full size where the configuration wants that.</summary>
    public static LogSegment Begin(LogState log, long baseOffset, long nowMs)
    {
        LogSegment segment = NewSegment(log, baseOffset, nowMs);
        segment.Create(log.Config.Preallocate ? log.Config.SegmentBytes : 0);
        return segment;
    }

    /// <summary>A segment that is not made yet.</summary>
    public static LogSegment NewSegment(LogState log, long baseOffset, long nowMs) =>
        new(log.Directory.Handles, log.Folder, baseOffset, nowMs, Jitter(log));

    /// <summary>Writes a producer snapshot at the end of what is folded in, unless there is one. Flushed with the log. Called with the gate.</summary>
    public static void Snapshot(LogState log)
    {
        long offset = log.Producers.EndOffset;
        log.BytesSinceSnapshot = 0;
        if (offset == 0 || (log.Snapshots.Count > 0 && log.Snapshots[^1] >= offset)) return;
        string path = System.IO.Path.Join(log.Folder, SegmentNames.File(offset, SegmentNames.Snapshot));
        ProducerSnapshotFile.Write(log.Files, path, ProducerSnapshotFile.Encode(log.Producers.Ordered()));
        log.Snapshots.Add(offset);
        log.UnflushedSnapshots.Add(offset);
        log.NamesUnflushed = true;
    }

    private static long Waited(LogSegment active, long maxTimestampMs, long nowMs) =>
        active.FirstTimestampMs is var first and >= 0 ? maxTimestampMs - first : nowMs - active.CreatedMs;

    private static long Jitter(LogState log)
    {
        long most = Math.Min(log.Config.SegmentJitterMs, log.Config.SegmentMs);
        if (most <= 0) return 0;
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        log.Directory.Scheduler.FillRandom(random);
        return (long)(BinaryPrimitives.ReadUInt64LittleEndian(random) % (ulong)most);
    }
}
