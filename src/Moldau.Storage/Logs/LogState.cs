using Moldau.Protocol;
using Moldau.Storage.Directories;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;
using Moldau.Storage.Producers;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>
/// What a partition's log is made of. Whoever changes anything here holds <see cref="Gate"/>, which is never held across a flush or an await;
/// what readers use (segments, marks, offsets) is swapped as a whole and read without it.
/// </summary>
internal sealed class LogState(LogDirectory directory, TopicPartition partition, Uuid topicId, string folder, LogConfig config)
{
    private volatile LogConfig config = config;
    private volatile LogSegment[] segments = [];
    private volatile LogMark end = new(0, 0, 0);
    private volatile LogMark flushed = new(0, 0, 0);
    private long logStartOffset, highWatermark, lastStableOffset, cleanedTo = -1;

    /// <summary>One writer at a time.</summary>
    public Lock Gate { get; } = new();

    /// <summary>One flush at a time. Taken by blocking work only, never with <see cref="Gate"/> held.</summary>
    public Lock FlushGate { get; } = new();

    /// <summary>
    /// Taken by whoever takes segments out of the log or renames its folder, before the other two: while the cleaner swaps segments nothing else of that kind may
    /// happen. By blocking work only.
    /// </summary>
    public Lock SwapGate { get; } = new();

    public LogDirectory Directory { get; } = directory;

    public TopicPartition Partition { get; } = partition;

    /// <summary>The topic's id; zero while it is not known.</summary>
    public Uuid TopicId { get; set; } = topicId;

    /// <summary>The partition's folder.</summary>
    public string Folder { get; set; } = folder;

    public LogConfig Config
    {
        get => config;
        set => config = value;
    }

    public IFileSystem Files => Directory.Files;

    /// <summary>Segments by offset, the last is appended to. Never changed in place.</summary>
    public LogSegment[] Segments
    {
        get => segments;
        set => segments = value;
    }

    public LogSegment Active => segments[^1];

    public LeaderEpochs Epochs { get; set; } = new([]);

    public ProducerStates Producers { get; set; } = new();

    /// <summary>The next offset, and where its batch will begin.</summary>
    public LogMark End
    {
        get => end;
        set => end = value;
    }

    /// <summary>Everything below it is durable.</summary>
    public LogMark Flushed
    {
        get => flushed;
        set => flushed = value;
    }

    public long LogStartOffset
    {
        get => Volatile.Read(ref logStartOffset);
        set => Volatile.Write(ref logStartOffset, value);
    }

    public long HighWatermark
    {
        get => Volatile.Read(ref highWatermark);
        set => Volatile.Write(ref highWatermark, value);
    }

    public long LastStableOffset
    {
        get => Volatile.Read(ref lastStableOffset);
        set => Volatile.Write(ref lastStableOffset, value);
    }

    /// <summary>Offsets of the producer snapshots in the folder, rising.</summary>
    public List<long> Snapshots { get; } = [];

    /// <summary>Snapshots written since the last flush.</summary>
    public List<long> UnflushedSnapshots { get; } = [];

    /// <summary>Whether the folder has names that a power cut may lose.</summary>
    public bool NamesUnflushed { get; set; }

    /// <summary>How often segments were taken away.</summary>
    public int Removals { get; set; }

    /// <summary>How many of these are durable: a power cut brings the files of later ones back.</summary>
    public int RemovalsFlushed { get; set; }

    /// <summary>Whether <c>partition.metadata</c> was written and not flushed.</summary>
    public bool TopicIdUnflushed { get; set; }

    /// <summary>Whether the log's owner wants each append flushed (<see cref="FlushPolicy.Fsync"/>).</summary>
    public bool FlushOnAppend { get; set; }

    /// <summary>Raised by each truncation, so that a flush that ran meanwhile does not mark as durable what is gone.</summary>
    public int Truncations { get; set; }

    /// <summary>The recovery point in the directory's checkpoint file.</summary>
    public long CheckpointedRecoveryPoint { get; set; }

    /// <summary>The recovery point that is known to be in the directory's checkpoint file, durably.</summary>
    public long ConfirmedRecoveryPoint { get; set; }

    /// <summary>The offset up to which the cleaner has come, as the directory's checkpoint has it; -1 when it never cleaned the log.</summary>
    public long CleanedTo
    {
        get => Volatile.Read(ref cleanedTo);
        set => Volatile.Write(ref cleanedTo, value);
    }

    /// <summary>Bytes appended since the last producer snapshot: what recovery would read again at most.</summary>
    public long BytesSinceSnapshot { get; set; }

    /// <summary>When the oldest record that is not flushed was appended; for <c>flush.ms</c>.</summary>
    public long UnflushedSinceMs { get; set; } = -1;

    /// <summary>Whether anything was written since the log was opened.</summary>
    public bool Touched { get; set; }

    /// <summary>The log's place in the group commit; set by whoever serves it.</summary>
    public FlushTicket Ticket { get; set; } = null!;

    /// <summary>Closed or deleted: no more appends and flushes.</summary>
    public bool Closed { get; set; }

    /// <summary>Index of the segment that an offset belongs to: the last that begins at or below it; 0 if all begin behind it.</summary>
    public static int Floor(LogSegment[] segments, long offset)
    {
        int low = 0, high = segments.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (segments[middle].BaseOffset <= offset) low = middle + 1;
            else high = middle;
        }

        return Math.Max(0, low - 1);
    }

    /// <summary>Computes the last stable offset anew. Called with the gate after anything it follows from has changed.</summary>
    public void UpdateLastStableOffset()
    {
        long unstable = Producers.FirstUnstableOffset, watermark = HighWatermark;
        LastStableOffset = unstable >= 0 && unstable < watermark ? unstable : watermark;
    }

    /// <summary>Sets the high watermark, within the log. Called with the gate.</summary>
    public void SetHighWatermark(long offset)
    {
        HighWatermark = Math.Clamp(offset, LogStartOffset, Math.Max(LogStartOffset, End.Offset));
        Directory.HighWatermarksChanged = true;
        Producers.SettleBelow(HighWatermark);
        UpdateLastStableOffset();
    }

    /// <summary>Throws unless the log's parts agree: cheap enough to stay on at each roll, truncation and opening.</summary>
    public void Verify()
    {
        LogSegment[] all = segments;
        Invariant.That(all.Length > 0);
        for (int i = 1; i < all.Length; i++) Invariant.That(all[i].BaseOffset > all[i - 1].BaseOffset);
        Invariant.That(End.Offset >= all[^1].BaseOffset && End.SegmentBase == all[^1].BaseOffset && End.Position == all[^1].Size);
        Invariant.That(Flushed.Offset <= End.Offset);
        Invariant.That(LogStartOffset <= End.Offset);
        Invariant.That(Producers.EndOffset <= End.Offset);
    }
}
