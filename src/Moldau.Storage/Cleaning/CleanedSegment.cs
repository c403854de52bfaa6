using Moldau.Protocol.Compression;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Cleaning;

/// <summary>The segment that a group of segments is cleaned into, under <c>.cleaned</c> names until it is swapped in. Nobody else sees it.</summary>
internal sealed class CleanedSegment : IDisposable
{
    private readonly LogState log;
    private readonly PooledBuffer output = new();

    /// <summary>Begins it, over what an abandoned cleaning may have left.</summary>
    public CleanedSegment(LogState log, long baseOffset, long nowMs)
    {
        this.log = log;
        Segment = new LogSegment(log.Directory.Handles, log.Folder, baseOffset, nowMs, rollJitterMs: 0, SegmentNames.Cleaned);
        RemoveFiles();
        Segment.Create();
    }

    /// <summary>The segment.</summary>
    public LogSegment Segment { get; }

    /// <summary>Bytes that wait to be written are collected here.</summary>
    public PooledBuffer Output => output;

    /// <summary>Adds an aborted transaction of which records are left.</summary>
    public void Keep(AbortedTransaction aborted) => Segment.Transactions.Append(aborted);

    /// <summary>Writes what was collected. Returns the bytes.</summary>
    public int WriteOutput()
    {
        int bytes = output.Length;
        if (bytes == 0) return 0;
        if ((long)Segment.Size + bytes > int.MaxValue) throw new IOException($"{Segment.Log.Path}: what is left does not fit in a segment");
        Segment.Append(output.Span, log.Config.IndexIntervalBytes);
        output.Clear();
        return bytes;
    }

    /// <summary>Completes the segment and makes it durable. Blocking. It takes the age of the last segment that went into it.</summary>
    public void Finish(LogSegment last)
    {
        WriteOutput();
        if (log.Directory.Planted.IndexEntryOffByOne) PlantedIndexError.Insert(Segment);
        Segment.FinishIndexes();
        if (!log.Directory.Planted.SwapWithoutSync)
        {
            Flush(Segment.Log);
            Segment.FlushIndexes();
        }

        Segment.FlushedSize = Segment.Size;
        Segment.IndexesUnflushed = false;
        log.Files.SetLastModified(Segment.Log.Path, log.Files.LastModified(last.Log.Path));
    }

    /// <summary>Throws it away.</summary>
    public void Discard()
    {
        Segment.Log.Retire();
        RemoveFiles();
    }

    public void Dispose() => output.Dispose();

    private static void Flush(LogFile file)
    {
        OpenFile open = file.Acquire();
        try
        {
            open.File.Flush();
        }
        finally
        {
            open.Release();
        }
    }

    private void RemoveFiles()
    {
        log.Files.DeleteFile(Segment.Log.Path);
        log.Files.DeleteFile(Segment.Offsets.File.Path);
        log.Files.DeleteFile(Segment.Times.File.Path);
        log.Files.DeleteFile(Segment.Transactions.Path);
    }
}
