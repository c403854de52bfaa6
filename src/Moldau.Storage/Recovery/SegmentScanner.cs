using System.Buffers;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Reads a log file batch by batch and verifies each whole: length, checksum, rising offsets. Reads a window at a time; a batch larger than the
/// window is checked piece by piece, so memory is bounded whatever a length field says.
/// </summary>
internal sealed class SegmentScanner(IRegionFile file, int position, int end) : IDisposable
{
    private readonly byte[] window = ArrayPool<byte>.Shared.Rent(Limits.ScanWindowBytes);
    private int windowStart, windowLength;
    private long lastOffset = -1;

    /// <summary>Where the current batch begins; after the last good one, where what is none begins.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Bytes of the current batch.</summary>
    public int Size { get; private set; }

    /// <summary>Why the scan ended.</summary>
    public BatchScan State { get; private set; } = BatchScan.Batch;

    /// <summary>The current batch's header.</summary>
    public RecordBatchHeader Header => new(Window(Position, Math.Min(Size, RecordBatchLayout.HeaderBytes)));

    /// <summary>Steps to the next batch that is whole and undamaged.</summary>
    public bool MoveNext()
    {
        if (State != BatchScan.Batch) return false;
        Position += Size;
        Size = 0;
        int available = end - Position;
        State = RecordBatch.Probe(Window(Position, Math.Min(RecordBatchLayout.HeaderBytes, available)), available, out int size);
        if (State != BatchScan.Batch) return false;
        Size = size;
        if (IsSound()) return true;
        State = BatchScan.Corrupt;
        Size = 0;
        return false;
    }

    /// <summary>The transaction marker in the current batch, if it is one.</summary>
    public TransactionMarker? Marker() => ProducerReplay.Marker(file, Header, Position, Size);

    public void Dispose() => ArrayPool<byte>.Shared.Return(window);

    private bool IsSound()
    {
        RecordBatchHeader header = Header;
        if (header.LastOffset < header.BaseOffset || header.BaseOffset <= lastOffset) return false;
        if (!header.IsLegacy)
        {
            if (header.Crc != Checksum(Position + RecordBatchLayout.Attributes, Position + Size)) return false;
        }
        else
        {
            using BatchBytes batch = BatchBytes.Read(file, Position, Size);
            if (!RecordBatch.IsValid(batch.Memory.Span)) return false;
        }

        lastOffset = Header.LastOffset;
        return true;
    }

    private uint Checksum(int from, int to)
    {
        uint crc = 0;
        while (from < to)
        {
            int bytes = Math.Min(to - from, Limits.ScanWindowBytes);
            crc = Crc32C.Append(crc, Window(from, bytes));
            from += bytes;
        }

        return crc;
    }

    private ReadOnlySpan<byte> Window(int at, int bytes)
    {
        if (at < windowStart || at + bytes > windowStart + windowLength) Fill(at, bytes);
        return window.AsSpan(at - windowStart, bytes);
    }

    private void Fill(int at, int bytes)
    {
        windowStart = at;
        windowLength = 0;
        int wanted = Math.Min(Limits.ScanWindowBytes, end - at);
        while (windowLength < wanted)
        {
            int read = file.Read(at + windowLength, window.AsSpan(windowLength, wanted - windowLength));
            if (read == 0) break;
            windowLength += read;
        }

        if (windowLength < bytes) throw new EndOfStreamException($"the log file ends {bytes - windowLength} bytes before its known end");
    }
}
