using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>Rebuilds what a log knows of its producers: the latest snapshot that can be read, then the headers of the batches behind it.</summary>
internal static class ProducerReplay
{
    /// <summary>Rebuilds up to the log's end. Called with the gate, or before the log is published.</summary>
    public static void Rebuild(LogState log, long nowMs)
    {
        long from = LoadSnapshot(log, log.End.Offset, nowMs);
        ReplayTo(log, from, log.End.Offset);
    }

    /// <summary>
    /// Loads the latest snapshot at or below an offset and above the log's start; damaged ones are removed. Returns the offset that replay
    /// goes on from.
    /// </summary>
    public static long LoadSnapshot(LogState log, long atMost, long nowMs)
    {
        log.Producers.Clear(log.LogStartOffset);
        for (int i = log.Snapshots.Count - 1; i >= 0; i--)
        {
            long offset = log.Snapshots[i];
            if (offset > atMost || offset <= log.LogStartOffset) continue;
            string path = Path.Join(log.Folder, SegmentNames.File(offset, SegmentNames.Snapshot));
            if (ProducerSnapshotFile.Read(log.Files, path) is not { } producers)
            {
                log.Files.DeleteFile(path);
                log.Snapshots.RemoveAt(i);
                continue;
            }

            foreach (ProducerState producer in producers)
            {
                if (producer.TransactionStart >= 0 || nowMs - producer.LastTimestampMs < log.Directory.ProducerExpirationMs) log.Producers.Load(producer);
            }

            log.Producers.EndOffset = offset;
            return offset;
        }

        return log.LogStartOffset;
    }

    /// <summary>Folds in the batches of a range of offsets.</summary>
    public static void ReplayTo(LogState log, long from, long to)
    {
        LogSegment[] segments = log.Segments;
        for (int i = LogState.Floor(segments, from); i < segments.Length && segments[i].BaseOffset < to; i++)
        {
            if (segments[i].Size > 0) Replay(log.Producers, segments[i], Begin(segments[i], from), to);
        }

        log.Producers.EndOffset = to;
    }

    // Where the batch of an offset begins. An index that is damaged, or a log, is no reason to refuse a log: then everything is looked through.
    private static int Begin(LogSegment segment, long from)
    {
        try
        {
            return segment.Find(from, out BatchPlace first) ? first.Position : segment.Size;
        }
        catch (IndexException)
        {
            return 0;
        }
    }

    private static void Replay(ProducerStates producers, LogSegment segment, int position, long to)
    {
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, position, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext() && walk.Header.BaseOffset < to)
            {
                // A batch that straddles the beginning is in the snapshot already; one below the end offset is not.
                if (walk.Header.LastOffset < producers.EndOffset) continue;
                producers.Apply(walk.Header, Marker(file, walk.Header, walk.Position, walk.Size));
            }
        }
        catch (RecordFormatException)
        {
            // A damaged control batch below the recovery point: its readers are told, and what is known up to it counts.
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>The marker in a control batch of a producer, read from the file.</summary>
    public static TransactionMarker? Marker(IRegionFile file, in RecordBatchHeader header, int position, int size)
    {
        if (!header.IsControl || !header.HasProducerId || size > Limits.ControlBatchBytesMax) return null;
        using BatchBytes batch = BatchBytes.Read(file, position, size);
        return TransactionMarker.Read(batch.Memory);
    }
}
