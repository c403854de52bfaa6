using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Inspection;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Verification;

/// <summary>Reads a segment whole and compares its indexes with it, entry by entry, in one pass.</summary>
internal sealed class SegmentCheck
{
    private readonly IFileSystem files;
    private readonly List<RawFinding> findings;
    private readonly string log, offsetPath, timePath, transactionPath;
    private readonly long baseOffset;
    private IReadOnlyList<OffsetIndexEntry> offsets = [];
    private IReadOnlyList<TimeIndexEntry> times = [];
    private IReadOnlyList<AbortedTransaction> aborted = [];
    private int nextOffset, nextTime, nextAborted;
    private long largestMs = -1;

    public SegmentCheck(IFileSystem files, string folder, long baseOffset, List<RawFinding> findings)
    {
        this.files = files;
        this.findings = findings;
        this.baseOffset = baseOffset;
        log = PathOf(SegmentNames.Log);
        offsetPath = PathOf(SegmentNames.OffsetIndex);
        timePath = PathOf(SegmentNames.TimeIndex);
        transactionPath = PathOf(SegmentNames.TransactionIndex);

        string PathOf(string suffix) => Path.Join(folder, SegmentNames.File(baseOffset, suffix));
    }

    /// <summary>The last offset in the segment; null when it holds no batch.</summary>
    public long? LastOffset { get; private set; }

    /// <summary>The newest leader epoch in it, and the offset where it begins here; -1 for none.</summary>
    public (int Epoch, long Offset) LatestEpoch { get; private set; } = (-1, -1);

    /// <summary>Bytes of the log file.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads. <paramref name="isOpen"/>: the node that used the log did not close it, and this is the segment it appended to.</summary>
    public void Run(bool isOpen, bool deep, Action<long> progress)
    {
        offsets = Index(offsetPath, IndexReading.Offsets, isOpen);
        times = Index(timePath, IndexReading.Times, isOpen);
        if (files.FileExists(transactionPath)) aborted = Index(transactionPath, IndexReading.Transactions, isOpen);
        using var reader = new SegmentReader(files, log, verify: true);
        Bytes = reader.Length;
        while (reader.MoveNext())
        {
            InspectedBatch batch = reader.Current!;
            progress(batch.Position);
            bool isSound = reader.Damage is null;
            if (reader.Damage is { } damage) findings.Add(new RawFinding(damage, true, WhenLogIsKept));
            if (batch.BaseOffset < baseOffset) Add(log, batch.Position, $"the batch at offset {batch.BaseOffset} lies before the segment's first offset {baseOffset}", WhenLogIsKept);
            else if (batch.LastOffset >= batch.BaseOffset) Compare(reader, batch, isSound, deep);
        }

        if (reader.Damage is { } tail) findings.Add(new RawFinding(tail, true, WhenLogIsKept));
        Finish(isOpen);
    }

    private static readonly Response WhenLogIsKept = Response.Kept("a start does not read so far back; a consumer that comes to it fails there");
    private static readonly Response WhenIndexIsKept = Response.Kept("a start does not see it; remove the file and the next start builds it anew");

    private IReadOnlyList<T> Index<T>(string path, Func<IFileSystem, string, IndexContent<T>> read, bool isOpen)
    {
        if (!files.FileExists(path))
        {
            // The entries of the segment that is appended to are in memory at first.
            if (!isOpen) Add(path, null, "the index is missing", Response.Rebuilt());
            return [];
        }

        IndexContent<T> content = read(files, path);
        if (content.Damage is { } damage) findings.Add(new RawFinding(damage, true, WhenIndexIsKept));
        return content.Entries;
    }

    // A batch whose content is damaged has its place all the same.
    private void Compare(SegmentReader reader, InspectedBatch batch, bool isSound, bool deep)
    {
        LastOffset = batch.LastOffset;
        if (batch.LeaderEpoch > LatestEpoch.Epoch) LatestEpoch = (batch.LeaderEpoch, batch.BaseOffset);
        CompareOffsets(batch);
        CompareTimes(batch);
        if (!isSound) return;
        if (batch.IsControl && batch.ProducerId >= 0) CompareTransactions(reader, batch);
        else if (deep) Unfold(reader);
    }

    private void CompareOffsets(InspectedBatch batch)
    {
        for (; nextOffset < offsets.Count && offsets[nextOffset].Position <= batch.Position; nextOffset++)
        {
            OffsetIndexEntry entry = offsets[nextOffset];
            if (entry.Position < batch.Position) Add(offsetPath, EntryAt(nextOffset, OffsetIndex.EntryBytes), $"entry {nextOffset} leads to byte {entry.Position}, where no batch begins", WhenIndexIsKept);
            else if (baseOffset + entry.RelativeOffset != batch.LastOffset)
                Add(offsetPath, EntryAt(nextOffset, OffsetIndex.EntryBytes), $"entry {nextOffset} says offset {baseOffset + entry.RelativeOffset}, the batch at byte {entry.Position} ends at {batch.LastOffset}", WhenIndexIsKept);
        }
    }

    private void CompareTimes(InspectedBatch batch)
    {
        long before = largestMs;
        largestMs = Math.Max(largestMs, batch.MaxTimestampMs);
        for (; nextTime < times.Count && baseOffset + times[nextTime].RelativeOffset <= batch.LastOffset; nextTime++)
        {
            TimeIndexEntry entry = times[nextTime];
            if (entry.TimestampMs == batch.MaxTimestampMs && before <= entry.TimestampMs) continue;
            Add(timePath, EntryAt(nextTime, TimeIndex.EntryBytes), $"entry {nextTime} says {entry.TimestampMs} up to offset {baseOffset + entry.RelativeOffset}, the batch there says {batch.MaxTimestampMs}, those before it {before}", WhenIndexIsKept);
        }
    }

    private void CompareTransactions(SegmentReader reader, InspectedBatch batch)
    {
        IReadOnlyList<InspectedRecord> records = reader.ReadRecords();
        if (reader.Damage is { } damage) findings.Add(new RawFinding(damage, true, WhenLogIsKept));
        bool isAbort = records is [{ Key: [_, _, 0, 0, ..] }, ..];
        for (; nextAborted < aborted.Count && aborted[nextAborted].LastOffset <= batch.LastOffset; nextAborted++)
        {
            AbortedTransaction entry = aborted[nextAborted];
            if (entry.LastOffset == batch.LastOffset && isAbort && entry.ProducerId.Value == batch.ProducerId) continue;
            Add(transactionPath, EntryAt(nextAborted, TransactionIndex.EntryBytes), $"entry {nextAborted}: producer {entry.ProducerId.Value} aborted no transaction at offset {entry.LastOffset}", WhenIndexIsKept);
        }
    }

    private void Unfold(SegmentReader reader)
    {
        reader.ReadRecords();
        if (reader.Damage is { } damage) findings.Add(new RawFinding(damage, true, WhenLogIsKept));
    }

    private void Finish(bool isOpen)
    {
        if (nextOffset < offsets.Count) Add(offsetPath, EntryAt(nextOffset, OffsetIndex.EntryBytes), $"entry {nextOffset} leads to byte {offsets[nextOffset].Position}, behind the last batch", WhenIndexIsKept);
        if (nextTime < times.Count) Add(timePath, EntryAt(nextTime, TimeIndex.EntryBytes), $"entry {nextTime} is of offset {baseOffset + times[nextTime].RelativeOffset}, behind the last batch", WhenIndexIsKept);
        if (nextAborted < aborted.Count) Add(transactionPath, EntryAt(nextAborted, TransactionIndex.EntryBytes), $"entry {nextAborted}: no transaction ends at offset {aborted[nextAborted].LastOffset}", WhenIndexIsKept);
        // A segment that is closed has an entry for its largest timestamp.
        if (!isOpen && files.FileExists(timePath) && largestMs >= 0 && (times.Count == 0 || times[^1].TimestampMs < largestMs))
            Add(timePath, (long)times.Count * TimeIndex.EntryBytes, $"the entry for the largest timestamp {largestMs} is missing", WhenIndexIsKept);
    }

    private static long EntryAt(int index, int entryBytes) => (long)index * entryBytes;

    private void Add(string path, long? position, string problem, Response untouched) => findings.Add(new RawFinding(new FileDamage(path, position, problem), true, untouched));
}
