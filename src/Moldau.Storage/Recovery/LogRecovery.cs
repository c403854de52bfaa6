using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Opens a log after a crash. Reading begins at the last index entry below the recovery point, so the work is that of the unflushed tail; every
/// batch from there on is verified, indexes and producer state are built along, and at the first torn or damaged batch the log ends.
/// </summary>
internal static class LogRecovery
{
    /// <summary>Recovers from an offset below which everything is durable.</summary>
    public static void Run(LogState log, long recoveryPoint, long nowMs)
    {
        LogSegment[] segments = log.Segments;
        // The segment of the last durable batch: where it ends at the recovery point it was still open then, and its indexes may not be on the disk.
        int first = LogState.Floor(segments, recoveryPoint - 1);
        DropBehind(log, recoveryPoint);
        RecoveryStart start = RecoveryStart.Find(log, segments[first], recoveryPoint);
        long replayed = ProducerReplay.LoadSnapshot(log, Math.Max(recoveryPoint, start.Offset), nowMs);
        PrepareIndexes(log, segments[first], start);
        if (replayed < start.Offset) ProducerReplay.ReplayTo(log, replayed, start.Offset);
        int position = start.Position;
        long next = start.Offset;
        int last = first;
        for (int i = first; i < segments.Length; i++)
        {
            if (i > first)
            {
                if (LostBetween(log, segments[i], next, recoveryPoint)) break;
                PrepareWhole(log, segments[i]);
                log.Producers.EndOffset = Math.Max(log.Producers.EndOffset, segments[i].BaseOffset);
            }

            last = i;
            bool sound = Scan(log, segments[i], i == first ? position : 0, ref next);
            if (i < segments.Length - 1 || !sound) segments[i].FinishIndexes();
            if (!sound) break;
        }

        if (last < segments.Length - 1) Drop(log, segments, last + 1);
        Finish(log, recoveryPoint, next, nowMs);
    }

    // A segment is begun where the one before ends. Where nothing was flushed, the end of the one before may be lost and the beginning of the next one
    // kept; going on behind the hole would let a producer's batches stand without those sent before them. Segments that Kafka left open after a crash
    // may have gaps from cleaning, and what is missing below the recovery point was durable once: there everything that is left is kept.
    private static bool LostBetween(LogState log, LogSegment segment, long next, long recoveryPoint)
    {
        if (segment.BaseOffset <= next || next < recoveryPoint || log.Active.Offsets.HasPreallocatedTail) return false;
        Log.SegmentsNotContiguous(log.Directory.Logger, log.Partition, next, segment.BaseOffset);
        return true;
    }

    // Snapshots taken behind the recovery point may be torn, or tell of batches that are gone.
    private static void DropBehind(LogState log, long recoveryPoint)
    {
        for (int i = log.Snapshots.Count - 1; i >= 0; i--)
        {
            if (log.Snapshots[i] <= recoveryPoint) continue;
            log.Files.DeleteFile(Path.Join(log.Folder, SegmentNames.File(log.Snapshots[i], SegmentNames.Snapshot)));
            log.Snapshots.RemoveAt(i);
        }
    }

    private static void PrepareIndexes(LogState log, LogSegment segment, in RecoveryStart start)
    {
        if (start.Position == 0)
        {
            PrepareWhole(log, segment);
            return;
        }

        segment.Offsets.TruncateBehind(start.Position);
        segment.Times.TruncateTo(start.TimesFrom);
        segment.BeginRecovery(start.LargestBefore);
        // Batches below what the producers know are not folded in again, so what they aborted stays.
        TruncateTransactions(segment, Math.Max(start.Offset, log.Producers.EndOffset));
    }

    private static void PrepareWhole(LogState log, LogSegment segment)
    {
        segment.ResetIndexes();
        TruncateTransactions(segment, Math.Max(segment.BaseOffset, log.Producers.EndOffset));
    }

    private static void TruncateTransactions(LogSegment segment, long offset)
    {
        try
        {
            segment.Transactions.TruncateTo(offset);
        }
        catch (IndexException)
        {
            segment.Transactions.Reset();
        }
    }

    private static bool Scan(LogState log, LogSegment segment, int position, ref long next)
    {
        if (next < segment.BaseOffset) next = segment.BaseOffset;
        if (segment.BaseOffset == log.Producers.EndOffset) LogRoll.Snapshot(log);
        int size = segment.Size;
        OpenFile file = segment.Log.Acquire();
        try
        {
            using var scanner = new SegmentScanner(file, position, size);
            while (scanner.MoveNext() && segment.Reaches(scanner.Header.LastOffset))
            {
                RecordBatchHeader header = scanner.Header;
                bool indexed = scanner.Position == position && position > 0;
                if (indexed) segment.IndexAgain(header);
                else segment.Index(header, scanner.Position, log.Config.IndexIntervalBytes);
                if (!header.IsLegacy) log.Epochs.AssignFromLog(header.LeaderEpoch, header.BaseOffset);
                if (header.LastOffset >= log.Producers.EndOffset
                    && log.Producers.Apply(header, scanner.Marker()) is { } aborted) segment.Transactions.Append(aborted);
                next = header.LastOffset + 1;
                log.BytesSinceSnapshot += scanner.Size;
            }

            int valid = scanner.Position;
            if (valid < size && !log.Directory.Planted.SkipsTruncation)
            {
                if (BeginsWithZeros(file, valid)) Log.TailOfZeros(log.Directory.Logger, log.Partition, segment.BaseOffset, next, size - valid);
                else Log.LogTruncated(log.Directory.Logger, log.Partition, segment.BaseOffset, next, size - valid);
                file.File.SetLength(valid);
            }

            if (log.Directory.Planted.SkipsTruncation) valid = size;
            segment.Opened(valid, durable: false);
            return valid == size;
        }
        finally
        {
            file.Release();
        }
    }

    // Room that was preallocated and not written yet is no damage.
    private static bool BeginsWithZeros(OpenFile file, int position)
    {
        Span<byte> header = stackalloc byte[Moldau.Protocol.Batches.RecordBatchLayout.HeaderBytes];
        int read = file.Read(position, header);
        return read > 0 && !header[..read].ContainsAnyExcept((byte)0);
    }

    private static void Drop(LogState log, LogSegment[] segments, int from)
    {
        log.Segments = segments[..from];
        LogDeletion.Delete(log, segments.AsSpan(from));
    }

    private static void Finish(LogState log, long recoveryPoint, long next, long nowMs)
    {
        LogSegment active = log.Active;
        active.IndexesUnflushed = true;
        log.Touched = true;
        log.NamesUnflushed = true;
        log.End = new LogMark(next, active.BaseOffset, active.Size);
        log.Flushed = recoveryPoint >= next ? log.End : Place(log, Math.Max(recoveryPoint, log.Segments[0].BaseOffset));
        if (log.Producers.EndOffset > next)
        {
            // The log ends before its recovery point: files were taken away, and the snapshot tells of what they held.
            LogDeletion.DeleteSnapshots(log, static (snapshot, end) => snapshot > end, next);
            ProducerReplay.Rebuild(log, nowMs);
        }

        log.Producers.EndOffset = next;
        StraySnapshots.Clear(log);
    }

    private static LogMark Place(LogState log, long offset)
    {
        LogSegment segment = log.Segments[LogState.Floor(log.Segments, offset)];
        return new LogMark(offset, segment.BaseOffset, segment.Find(offset, out BatchPlace place) ? place.Position : segment.Size);
    }
}
