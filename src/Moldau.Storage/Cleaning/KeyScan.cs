using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;
using Record = Moldau.Protocol.Batches.Record;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// Fills the map of keys from the dirty part of a log: the first pass of a cleaning. Records of aborted transactions override nothing and are left out. Where the
/// map is full the scan ends, and this cleaning reaches only as far as it came.
/// </summary>
internal sealed class KeyScan : IDisposable
{
    private readonly LogState log;
    private readonly LogSegment[] segments;
    private readonly DirtySection section;
    private readonly KeyOffsets map;
    private readonly int bufferBytes;
    private readonly CleanedTransactions transactions = new();
    private readonly PooledBuffer unfolded = new();
    private SegmentBatches? batches;
    private int index;

    /// <summary>Begins a scan of the segments of the dirty part.</summary>
    public KeyScan(LogState log, LogSegment[] segments, in DirtySection section, KeyOffsets map, int bufferBytes)
    {
        this.log = log;
        this.segments = segments;
        this.section = section;
        this.map = map;
        this.bufferBytes = bufferBytes;
        index = LogState.Floor(segments, section.FirstDirty);
        map.Clear();
        transactions.Expect(LogReader.Aborted(log, section.FirstDirty, section.FirstUncleanable));
    }

    /// <summary>Goes on for so many bytes. False at the end. Returns the bytes read.</summary>
    public bool Step(int bytesMax, out long bytesRead)
    {
        bytesRead = 0;
        while (bytesRead < bytesMax)
        {
            if (batches is null && !Begin()) return false;
            if (!batches!.MoveNext())
            {
                EndSegment();
                continue;
            }

            bytesRead += batches.Current.Length;
            if (!Take(batches.Current)) return false;
        }

        return true;
    }

    public void Dispose()
    {
        batches?.Dispose();
        unfolded.Dispose();
    }

    private bool Begin()
    {
        if (index == segments.Length - 1 || segments[index].BaseOffset >= section.FirstUncleanable) return false;
        IndexRebuild.Ensure(log, segments[index]);
        batches = new SegmentBatches(segments[index], segments[index].Offsets.Lookup(section.FirstDirty).Position, segments[index + 1].BaseOffset, bufferBytes);
        return true;
    }

    // Behind the last record of a segment there may be a gap: it is known up to the next segment.
    private void EndSegment()
    {
        batches!.Dispose();
        batches = null;
        index++;
        long next = index < segments.Length ? Math.Min(segments[index].BaseOffset, section.FirstUncleanable) : section.FirstUncleanable;
        map.ReachTo(next - 1);
    }

    private bool Take(ReadOnlyMemory<byte> batch)
    {
        var header = new RecordBatchHeader(batch.Span);
        if (header.IsControl) transactions.EndsNothing(header, batch);
        else if (!transactions.IsAborted(header) && !TakeRecords(batch)) return false;
        if (header.LastOffset >= section.FirstDirty) map.ReachTo(header.LastOffset);
        return true;
    }

    private bool TakeRecords(ReadOnlyMemory<byte> batch)
    {
        unfolded.Clear();
        foreach (Record record in RecordReader.Open(batch, unfolded))
        {
            if (record.Key.HasValue && record.Offset >= section.FirstDirty && !map.TryPut(record.Key.Span, record.Offset)) return false;
        }

        return true;
    }
}
