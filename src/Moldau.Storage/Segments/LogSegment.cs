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

    public LogSegment(FileHandleCache cache, string directory, long baseOffset, long createdMs, long rollJitterMs)
    {
        this.cache = cache;
        files = cache.Files;
        BaseOffset = baseOffset;
        CreatedMs = createdMs;
        RollJitterMs = rollJitterMs;
        Log = new LogFile(cache, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.Log)));
        Offsets = new OffsetIndex(files, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.OffsetIndex)), baseOffset);
        Times = new TimeIndex(files, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.TimeIndex)), baseOffset);
        Transactions = new TransactionIndex(files, System.IO.Path.Join(directory, SegmentNames.File(baseOffset, SegmentNames.TransactionIndex)));
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
    /// used (<see cref="IndexesFit"/>), so that opening a log does not touch them all.
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
            if (firstTimestampMs == long.MinValue && size > 0) firstTimestampMs = ReadFirstTimestamp();
            return size > 0 ? firstTimestampMs : -1;
        }
    }

    /// <summary>Whether an offset can be written relative to the segment's first.</summary>
    public bool Reaches(long offset) => offset >= BaseOffset && offset - BaseOffset <= int.MaxValue;

    /// <summary>Makes the log file, empty. The indexes get their files with their first write.</summary>
    public void Create()
    {
        Log.Create();
        IndexesTrusted = true;
    }

    /// <summary>Takes over what opening or recovery found in the file.</summary>
    public void Opened(int bytes, bool durable)
    {
        size = bytes;
        FlushedSize = durable ? bytes : 0;
    }

    /// <summary>Takes over the largest timestamp below the place where recovery begins to read.</summary>
    public void BeginRecovery(in TimestampOffset largestBefore) => largest = largestBefore;

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

    /// <summary>Whether the indexes can be true of the log file: their ends are compared with the batches they name.</summary>
    public bool IndexesFit()
    {
        if (!Offsets.FitsIn(size) || !Times.FitsIn(BaseOffset + int.MaxValue + 1L)) return false;
        if (size == 0) return true;
        OffsetPosition last = Offsets.Last;
        TimestampOffset latest = Times.Last;
        OpenFile file = Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, last.Position, size, stackalloc byte[Limits.WalkWindowBytes]);
            if (!walk.MoveNext() || (last.Position > 0 && walk.Header.BaseOffset > last.Offset)) return false;
            if (latest.TimestampMs < 0) return FirstTimestampMs < 0;
            int from = Offsets.Lookup(latest.Offset).Position;
            walk = new BatchWalker(file, from, size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (walk.Header.LastOffset >= latest.Offset) return walk.Header.MaxTimestamp == latest.TimestampMs;
            }

            return false;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>The first batch that ends at or behind an offset; false when the segment has none.</summary>
    public bool Find(long offset, out BatchPlace place) => Find(offset, Offsets.Lookup(offset).Position, size, out place);

    /// <summary>The same from a position that is known to be a batch's, within so many bytes.</summary>
    public bool Find(long offset, int fromPosition, int endPosition, out BatchPlace place)
    {
        place = default;
        if (fromPosition < 0) throw new IndexException(Offsets.File.Path, $"position {fromPosition}");
        if (fromPosition >= endPosition) return false;
        OpenFile file = Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, fromPosition, endPosition, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (walk.Header.LastOffset < offset) continue;
                place = new BatchPlace(walk.Header.BaseOffset, walk.Header.LastOffset, walk.Position, walk.Size);
                return true;
            }

            if (walk.State != BatchScan.End)
                throw new IndexException(Offsets.File.Path, $"no batch begins at {walk.Position}");
            return false;
        }
        finally
        {
            file.Release();
        }
    }

    /// <summary>The offset behind the last batch; the segment's own when it is empty.</summary>
    public long NextOffset()
    {
        long next = BaseOffset;
        int from = Offsets.Last.Position;
        if (from >= size) return next;
        OpenFile file = Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, from, size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext()) next = walk.Header.LastOffset + 1;
        }
        finally
        {
            file.Release();
        }

        return next;
    }

    /// <summary>Cuts everything from an offset on, in the file and the indexes. A batch that holds the offset goes whole; returns where the segment ends now.</summary>
    public long TruncateTo(long offset, long nowMs)
    {
        int cut = size;
        if (Find(offset, out BatchPlace place))
        {
            cut = place.Position;
            offset = Math.Min(offset, place.BaseOffset);
        }

        Offsets.TruncateTo(offset);
        Times.TruncateTo(offset);
        Transactions.TruncateTo(offset);
        if (cut < size)
        {
            OpenFile file = Log.Acquire();
            try
            {
                // Readers without the lock must not see a size that the file no longer has.
                size = cut;
                file.File.SetLength(cut);
            }
            finally
            {
                file.Release();
            }
        }

        FlushedSize = Math.Min(FlushedSize, cut);
        bytesSinceIndexEntry = 0;
        largest = LargestAfterIndex();
        if (cut == 0)
        {
            CreatedMs = nowMs;
            firstTimestampMs = long.MinValue;
        }

        return offset;
    }

    /// <summary>Renames all files with a suffix added; reads under way go on.</summary>
    public void AddSuffix(string suffix)
    {
        Log.Rename(Log.Path + suffix);
        Offsets.File.Rename(Offsets.File.Path + suffix);
        Times.File.Rename(Times.File.Path + suffix);
        Transactions.Rename(Transactions.Path + suffix);
    }

    // The time index says what holds up to its last entry; the batches behind it may have more.
    private TimestampOffset LargestAfterIndex()
    {
        TimestampOffset last = Times.Last;
        int from = Offsets.Lookup(last.Offset).Position;
        if (from >= size) return last;
        OpenFile file = Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, from, size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext())
            {
                if (walk.Header.MaxTimestamp > last.TimestampMs) last = new TimestampOffset(walk.Header.MaxTimestamp, walk.Header.LastOffset);
            }
        }
        finally
        {
            file.Release();
        }

        return last;
    }

    private long ReadFirstTimestamp()
    {
        OpenFile file = Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, 0, size, stackalloc byte[RecordBatchLayout.HeaderBytes]);
            return walk.MoveNext() ? walk.Header.MaxTimestamp : -1;
        }
        finally
        {
            file.Release();
        }
    }
}

/// <summary>A batch in a segment: its offsets, where it begins and how long it is.</summary>
internal readonly record struct BatchPlace(long BaseOffset, long LastOffset, int Position, int Size)
{
    /// <summary>Where the next batch begins.</summary>
    public int End => Position + Size;
}
