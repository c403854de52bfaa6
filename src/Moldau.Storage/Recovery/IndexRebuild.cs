using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>Builds the indexes of a segment anew from its log file, when they are missing or do not fit it.</summary>
internal static class IndexRebuild
{
    /// <summary>Rebuilds the offset and time index of the segment that an offset lies in.</summary>
    public static void Rebuild(LogState log, long offset)
    {
        lock (log.Gate)
        {
            LogSegment[] segments = log.Segments;
            int index = LogState.Floor(segments, offset);
            Log.IndexRebuilt(log.Directory.Logger, log.Partition, segments[index].BaseOffset);
            Rebuild(segments[index], log.Config.IndexIntervalBytes);
            if (index < segments.Length - 1) segments[index].FinishIndexes();
        }
    }

    /// <summary>Looks at the indexes of a segment that has only been opened so far, and rebuilds them if they do not fit.</summary>
    public static void Ensure(LogState log, LogSegment segment)
    {
        if (segment.IndexesTrusted) return;
        lock (log.Gate)
        {
            if (segment.IndexesTrusted) return;
            if (!segment.IndexesFit())
            {
                Log.IndexRebuilt(log.Directory.Logger, log.Partition, segment.BaseOffset);
                Rebuild(segment, log.Config.IndexIntervalBytes);
                if (segment != log.Active) segment.FinishIndexes();
            }

            segment.IndexesTrusted = true;
        }
    }

    /// <summary>Rebuilds the offset and time index of a segment, up to the first batch whose offsets cannot be: a reader finds that by itself.</summary>
    public static void Rebuild(LogSegment segment, int indexIntervalBytes)
    {
        segment.ResetIndexes();
        if (segment.Size == 0) return;
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, 0, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
            long last = segment.BaseOffset - 1;
            while (walk.MoveNext() && walk.Header.LastOffset > last && segment.Reaches(walk.Header.LastOffset))
            {
                last = walk.Header.LastOffset;
                segment.Index(walk.Header, walk.Position, indexIntervalBytes);
            }
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Rebuilds the transaction index of a segment: from the producers as they were at its beginning, and its batches.</summary>
    public static void RebuildTransactions(LogState log, LogSegment segment)
    {
        lock (log.Gate)
        {
            Log.IndexRebuilt(log.Directory.Logger, log.Partition, segment.BaseOffset);
            segment.Transactions.Reset();
            var producers = new ProducerStates();
            LoadAt(log, producers, segment.BaseOffset);
            if (segment.Size == 0) return;
            OpenFile file = segment.Log.Acquire();
            try
            {
                var walk = new BatchWalker(file, 0, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
                while (walk.MoveNext())
                {
                    TransactionMarker? marker = ProducerReplay.Marker(file, walk.Header, walk.Position, walk.Size);
                    if (producers.Apply(walk.Header, marker) is { } aborted) segment.Transactions.Append(aborted);
                }
            }
            finally
            {
                file.Release();
            }
        }
    }

    private static void LoadAt(LogState log, ProducerStates producers, long offset)
    {
        if (!log.Snapshots.Contains(offset)) return;
        string path = Path.Join(log.Folder, SegmentNames.File(offset, SegmentNames.Snapshot));
        foreach (ProducerState producer in ProducerSnapshotFile.Read(log.Files, path) ?? []) producers.Load(producer);
    }
}
