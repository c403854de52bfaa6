using System.Buffers;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// Reads a segment's batches whole, one after another, through one buffer that grows for a batch larger than it. Their offsets, which no checksum covers, must rise
/// within the segment. Holds the file open until disposed.
/// </summary>
internal sealed class SegmentBatches : IDisposable
{
    private readonly LogSegment segment;
    private readonly OpenFile file;
    private readonly int end;
    private byte[] buffer;
    private readonly long endOffset;
    private int bufferStart, bufferLength, size;
    private long nextOffset;

    /// <summary>Stands before the batch at a position, of a segment behind which the log goes on at an offset.</summary>
    public SegmentBatches(LogSegment segment, int position, long endOffset, int bufferBytes)
    {
        this.segment = segment;
        this.endOffset = endOffset;
        nextOffset = segment.BaseOffset;
        file = segment.Log.Acquire();
        end = segment.Size;
        Position = position;
        buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bufferBytes, RecordBatchLayout.HeaderBytes));
    }

    /// <summary>Where the current batch begins.</summary>
    public int Position { get; private set; }

    /// <summary>The current batch; valid until the next step.</summary>
    public ReadOnlyMemory<byte> Current => buffer.AsMemory(Position - bufferStart, size);

    /// <summary>Steps to the next batch; false behind the last.</summary>
    /// <exception cref="RecordFormatException">No whole batch is there.</exception>
    public bool MoveNext()
    {
        Position += size;
        size = 0;
        int available = end - Position;
        if (available == 0) return false;
        int head = Math.Min(RecordBatchLayout.HeaderBytes, available);
        Fill(head);
        if (RecordBatch.Probe(buffer.AsSpan(Position - bufferStart, head), available, out int bytes) != BatchScan.Batch)
            throw new RecordFormatException(RecordFormatError.Batch, $"{segment.Log.Path}: no whole batch begins at {Position}");
        Fill(bytes);
        size = bytes;
        CheckOffsets(new RecordBatchHeader(Current.Span));
        return true;
    }

    public void Dispose()
    {
        file.Release();
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void CheckOffsets(in RecordBatchHeader header)
    {
        if (header.BaseOffset < nextOffset || header.LastOffset < header.BaseOffset || header.LastOffset >= endOffset)
            throw new RecordFormatException(RecordFormatError.Batch, $"{segment.Log.Path}: offsets {header.BaseOffset} to {header.LastOffset} cannot be at {Position}");
        nextOffset = header.LastOffset + 1;
    }

    private void Fill(int bytes)
    {
        int kept = bufferStart + bufferLength - Position;
        if (kept >= bytes && Position >= bufferStart) return;
        byte[] target = bytes > buffer.Length ? ArrayPool<byte>.Shared.Rent(bytes) : buffer;
        if (kept > 0) buffer.AsSpan(Position - bufferStart, kept).CopyTo(target);
        if (target != buffer) ArrayPool<byte>.Shared.Return(buffer);
        buffer = target;
        bufferStart = Position;
        bufferLength = Math.Max(0, kept);
        int wanted = Math.Min(buffer.Length, end - Position);
        while (bufferLength < wanted)
        {
            int read = file.Read(bufferStart + bufferLength, buffer.AsSpan(bufferLength, wanted - bufferLength));
            if (read == 0) throw new EndOfStreamException($"{segment.Log.Path}: the file ends {wanted - bufferLength} bytes before its known end");
            bufferLength += read;
        }
    }
}
