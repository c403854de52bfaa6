using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Segments;

/// <summary>
/// A stretch of a log: one log file and its three indexes, named for the first offset. Appended to, truncated and renamed under the log's
/// lock; searched without it: <see cref="Size"/> is raised after the bytes are in the file.
/// </summary>
internal sealed class LogSegment
{
    private readonly IFileSystem files;
    private readonly FileHandleCache cache;
    private volatile int size;
    private TimestampOffset? largest;
    private long firstTimestampMs = long.MinValue;
    private int bytesSinceIndexEntry;
    private bool isPreallocated;

    /// <summary>A segment in a folder; <paramref name="suffix"/> is what its files' names end in while it is being cleaned.</summary>
    public LogSegment(FileHandleCache cache, string directory, long baseOffset, long createdMs, long rollJitterMs, string suffix = "")
    {
        this.cache = cache;
        files = cache.Files;
        BaseOffset = baseOffset;
        CreatedMs = createdMs;
        RollJitterMs = rollJitterMs;
        Log = new LogFile(cache, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.Log + suffix)));
        Offsets = new OffsetIndex(files, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.OffsetIndex + suffix)), baseOffset);
        Times = new TimeIndex(files, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.TimeIndex + suffix)), baseOffset);
        Transactions = new TransactionIndex(files, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.TransactionIndex + suffix)));
    }

    /// <summary>The offset that names the segment: at most that of its first record.</summary>
    public long BaseOffset { get; }

    /// <summary>When the segment was made or opened.</summary>
    public long CreatedMs { get; private set; }

    /// <summary>How much earlier than <c>segment.ms</c> it is rolled.</summary>
    public long RollJitterMs { get; }

    public LogFile Log { get; }

    public OffsetIndex Offsets { get; }

    public TimeIndex Times { get; }

    public TransactionIndex Transactions { get; }

    /// <summary>Bytes of whole batches in the log file.</summary>
    public int Size => size;

    /// <summary>Bytes known to be durable.</summary>
    public int FlushedSize { get; set; }

    /// <summary>Whether the indexes of a segment that is not appended to any more still have to be made durable.</summary>
    public bool IndexesUnflushed { get; set; }

    /// <summary>
    /// Whether the indexes are known to fit: made in this run, or looked at. Those of segments that were only opened are looked at when they are first
    /// used (<see cref="SegmentSearch.IndexesFit"/>), so that opening a log does not touch them all.
    /// </summary>
    public bool IndexesTrusted { get; set; }

    /// <summary>The largest timestamp in the segment and the last offset of the batch that has it; -1 when there is none.</summary>
    public TimestampOffset Largest
    {
        get
        {
            largest ??= Times.Last;
            return largest.Value;
        }
    }

    /// <summary>The timestamp that the time to roll counts from: the largest of the first batch; -1 when it has none or the segment is empty.</summary>
    public long FirstTimestampMs
    {
        get
        {
            if (firstTimestampMs == long.MinValue && size > 0) firstTimestampMs = this.ReadFirstTimestamp();
            return size > 0 ? firstTimestampMs : -1;
        }
    }

    /// <summary>Whether an offset can be written relative to the segment's first.</summary>
    public bool Reaches(long offset) => offset >= BaseOffset && offset - BaseOffset <= int.MaxValue;

    /// <summary>Makes the log file, empty or with room for so many bytes. The indexes get their files with their first write.</summary>
    public void Create(int preallocatedBytes = 0)
    {
        Log.Create();
        IndexesTrusted = true;
        if (preallocatedBytes == 0) return;
        isPreallocated = true;
        SetLength(preallocatedBytes);
    }

    /// <summary>Cuts off what was preallocated and is not used; the next flush makes that durable.</summary>
    public void Trim()
    {
        if (!isPreallocated) return;
        isPreallocated = false;
        SetLength(size);
    }

    /// <summary>Takes over what opening or recovery found in the file.</summary>
    public void Opened(int bytes, bool durable)
    {
        size = bytes;
        FlushedSize = durable ? bytes : 0;
    }

    /// <summary>Takes over the largest timestamp below the place where recovery begins to read.</summary>
    public void BeginRecovery(in TimestampOffset largestBefore)
    {
        largest = largestBefore;
        IndexesTrusted = true;
    }

    /// <summary>Appends whole batches with one write, and index entries for them.</summary>
    public void Append(ReadOnlySpan<byte> batches, int indexIntervalBytes)
    {
        int position = size;
        OpenFile file = Log.Acquire();
        try
        {
            file.File.Write(position, batches);
        }
        finally
        {
            file.Release();
        }

        var walk = new RecordBatchEnumerator(batches);
        while (walk.MoveNext()) Index(walk.Current, position + walk.Position, indexIntervalBytes);
        Invariant.That(walk.State == BatchScan.End);
        size = position + batches.Length;
    }

    /// <summary>Adds what the indexes should know of a batch that begins at a position: an entry every so many bytes.</summary>
    public void Index(in RecordBatchHeader batch, int position, int indexIntervalBytes)
    {
        if (position == 0) firstTimestampMs = batch.MaxTimestamp;
        TimestampOffset now = Largest;
        if (batch.MaxTimestamp > now.TimestampMs) largest = now = new TimestampOffset(batch.MaxTimestamp, batch.LastOffset);
        if (bytesSinceIndexEntry > indexIntervalBytes)
        {
            Offsets.Append(batch.LastOffset, position);
            Times.MaybeAppend(now, Times.Last);
            bytesSinceIndexEntry = 0;
        }

        bytesSinceIndexEntry += batch.SizeInBytes;
    }

    /// <summary>Takes up a batch that is in the offset index already, where recovery begins.</summary>
    public void IndexAgain(in RecordBatchHeader batch)
    {
        if (batch.MaxTimestamp > Largest.TimestampMs) largest = new TimestampOffset(batch.MaxTimestamp, batch.LastOffset);
        Times.MaybeAppend(Largest, Times.Last);
        bytesSinceIndexEntry = batch.SizeInBytes;
    }

    /// <summary>Empties the indexes, to be built anew.</summary>
    public void ResetIndexes()
    {
        Offsets.File.Truncate(0);
        Times.File.Truncate(0);
        largest = new TimestampOffset(-1, BaseOffset);
        bytesSinceIndexEntry = 0;
        IndexesTrusted = true;
    }

    /// <summary>Forgets the distance to the last index entry: the next batch is counted from here.</summary>
    public void RestartIndexInterval(int bytes = 0) => bytesSinceIndexEntry = bytes;

    /// <summary>Writes the closing time index entry and both indexes to their files, when the segment is rolled or closed. Not a flush.</summary>
    public void FinishIndexes()
    {
        if (Largest.TimestampMs >= 0) Times.MaybeAppend(Largest, Times.Last);
        Offsets.File.Persist();
        Times.File.Persist();
        IndexesUnflushed = true;
    }

    /// <summary>Makes the index files durable. Blocking.</summary>
    public void FlushIndexes()
    {
        Offsets.File.Flush();
        Times.File.Flush();
        Transactions.Flush();
    }

    /// <summary>Cuts everything from an offset on, in the file and the indexes. A batch that holds the offset goes whole; returns where the segment ends now.</summary>
    public long TruncateTo(long offset, long nowMs)
    {
        int cut = size;
        if (this.Find(offset, out BatchPlace place))
        {
            cut = place.Position;
            offset = Math.Min(offset, place.BaseOffset);
        }

        Offsets.TruncateTo(offset);
        Times.TruncateTo(offset);
        Transactions.TruncateTo(offset);
        if (cut < size)
        {
            // Readers without the lock must not see a size that the file no longer has.
            size = cut;
            isPreallocated = false;
            SetLength(cut);
        }

        FlushedSize = Math.Min(FlushedSize, cut);
        bytesSinceIndexEntry = 0;
        largest = this.LargestAfterIndex();
        if (cut == 0)
        {
            CreatedMs = nowMs;
            firstTimestampMs = long.MinValue;
        }

        return offset;
    }

    private void SetLength(int bytes)
    {
        OpenFile file = Log.Acquire();
        try
        {
            file.File.SetLength(bytes);
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>Renames all files with a suffix added; reads under way go on.</summary>
    public void AddSuffix(string suffix)
    {
        Log.Rename(Log.Path + suffix);
        Offsets.File.Rename(Offsets.File.Path + suffix);
        Times.File.Rename(Times.File.Path + suffix);
        Transactions.Rename(Transactions.Path + suffix);
    }

    /// <summary>The log's folder was renamed.</summary>
    public void Relocate(string folder)
    {
        Log.Relocate(System.IO.Path.Join(folder, SegmentNames.File(BaseOffset, SegmentNames.Log)));
        Offsets.File.Relocate(System.IO.Path.Join(folder, SegmentNames.File(BaseOffset, SegmentNames.OffsetIndex)));
        Times.File.Relocate(System.IO.Path.Join(folder, SegmentNames.File(BaseOffset, SegmentNames.TimeIndex)));
        Transactions.Relocate(System.IO.Path.Join(folder, SegmentNames.File(BaseOffset, SegmentNames.TransactionIndex)));
    }

    /// <summary>Renames all files, from names with one suffix to names with another.</summary>
    public void ReplaceSuffix(string from, string to)
    {
        string Renamed(string path) => path[..^from.Length] + to;
        Log.Rename(Renamed(Log.Path));
        Offsets.File.Rename(Renamed(Offsets.File.Path));
        Times.File.Rename(Renamed(Times.File.Path));
        Transactions.Rename(Renamed(Transactions.Path));
    }
}

/// <summary>A batch in a segment: its offsets, where it begins and how long it is.</summary>
internal readonly record struct BatchPlace(long BaseOffset, long LastOffset, int Position, int Size)
{
    /// <summary>Where the next batch begins.</summary>
    public int End => Position + Size;
}
