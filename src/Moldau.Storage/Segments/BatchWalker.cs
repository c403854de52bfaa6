using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Storage.Segments;

/// <summary>
/// Steps from batch header to batch header through a log file, reading a window of it at a time and skipping what lies between. Checks that
/// each is a batch, not its content.
/// </summary>
internal ref struct BatchWalker
{
    private readonly IRegionFile file;
    private readonly int end;
    private readonly Span<byte> window;
    private int windowStart;
    private int windowLength;

    /// <summary>Stands before the batch at <paramref name="position"/> of a file of which <paramref name="end"/> bytes count.</summary>
    public BatchWalker(IRegionFile file, int position, int end, Span<byte> window)
    {
        Invariant.That(window.Length >= RecordBatchLayout.HeaderBytes);
        this.file = file;
        this.end = end;
        this.window = window;
        Position = position;
        State = BatchScan.Batch;
    }

    /// <summary>Where the current batch begins; after the last, where what is no whole batch begins.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes of the current batch.</summary>
    public int Size { get; private set; }

    /// <summary>Why the walk ended.</summary>
    public BatchScan State { get; private set; }

    /// <summary>The current batch's header.</summary>
    public readonly RecordBatchHeader Header => new(window.Slice(Position - windowStart, windowLength - (Position - windowStart)));

    /// <summary>Steps to the next batch that lies wholly before the end.</summary>
    public bool MoveNext()
    {
        if (State != BatchScan.Batch) return false;
        Position += Size;
        Size = 0;
        int available = end - Position;
        Fill(Math.Min(RecordBatchLayout.HeaderBytes, available));
        State = RecordBatch.Probe(window.Slice(Position - windowStart, windowLength - (Position - windowStart)), available, out int size);
        if (State != BatchScan.Batch) return false;
        Size = size;
        return true;
    }

    /// <summary>Makes the first bytes at the position lie in the window.</summary>
    private void Fill(int bytes)
    {
        if (Position >= windowStart && Position + bytes <= windowStart + windowLength) return;
        windowStart = Position;
        windowLength = 0;
        int wanted = Math.Min(window.Length, end - Position);
        while (windowLength < wanted)
        {
            int read = file.Read(windowStart + windowLength, window[windowLength..wanted]);
            if (read == 0) break;
            windowLength += read;
        }

        if (windowLength < bytes) throw new EndOfStreamException($"the log file ends {bytes - windowLength} bytes before its known end");
    }
}
