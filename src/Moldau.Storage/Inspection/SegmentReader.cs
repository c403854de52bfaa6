using System.Buffers;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;

namespace Moldau.Storage.Inspection;

/// <summary>
/// Reads a file of batches from its beginning: a segment, or a snapshot of the metadata. Steps over batches whose content is damaged, since their length
/// still tells where the next one begins; ends where no whole batch begins. Not thread-safe.
/// </summary>
public sealed class SegmentReader : IDisposable
{
    private readonly string path;
    private readonly bool verify;
    private readonly IFile file;
    private readonly byte[] window = ArrayPool<byte>.Shared.Rent(Limits.ScanWindowBytes);
    private long windowStart;
    private int windowLength;
    private long position;
    private long lastOffset = -1;
    private int size;

    /// <summary>Opens a file. With <paramref name="verify"/> each batch is read whole and its checksum looked at.</summary>
    public SegmentReader(IFileSystem files, string path, bool verify)
    {
        this.path = path;
        this.verify = verify;
        file = files.Open(path, FileOpen.Read);
        Length = file.Length;
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>The batch that the last step reached.</summary>
    public InspectedBatch? Current { get; private set; }

    /// <summary>What is wrong with it; or, after the last step, with what follows the last batch. Null where all is well.</summary>
    public FileDamage? Damage { get; private set; }

    /// <summary>Bytes behind the last batch that are none.</summary>
    public long TailBytes { get; private set; }

    /// <summary>Steps to the next batch.</summary>
    public bool MoveNext()
    {
        position += size;
        size = 0;
        Damage = null;
        Current = null;
        long available = Length - position;
        ReadOnlySpan<byte> head = Window(position, (int)Math.Min(available, RecordBatchLayout.HeaderBytes));
        BatchScan found = RecordBatch.Probe(head, available, out int claimed);
        if (found != BatchScan.Batch)
        {
            TailBytes = available;
            Damage = found switch
            {
                BatchScan.End => null,
                BatchScan.TornTail => new FileDamage(path, position, claimed > 0 ? $"a batch of {claimed} bytes ends early, {available} bytes of it are there" : $"{available} bytes, too few for a batch"),
                _ => new FileDamage(path, position, $"no batch begins here, {available} bytes cannot be read"),
            };
            return false;
        }

        size = claimed;
        var header = new RecordBatchHeader(head);
        Current = new InspectedBatch(position, header);
        if (header.LastOffset < header.BaseOffset) Damage = new FileDamage(path, position, $"the batch ends at offset {header.LastOffset.Value}, before it begins at {header.BaseOffset.Value}");
        else if (!header.IsLegacy && header.BaseOffset <= lastOffset) Damage = new FileDamage(path, position, $"the batch begins at offset {header.BaseOffset.Value}, the one before ends at {lastOffset}");
        lastOffset = Math.Max(lastOffset, header.LastOffset);
        if (verify) Verify(Current);
        return true;
    }

    /// <summary>The records of the current batch, as far as they can be read; what stops the reading becomes <see cref="Damage"/>.</summary>
    public IReadOnlyList<InspectedRecord> ReadRecords()
    {
        var records = new List<InspectedRecord>();
        try
        {
            foreach (Record record in RecordReader.Open(Whole()))
            {
                records.Add(new InspectedRecord(
                    record.Offset, record.TimestampMs, record.Sequence, record.SizeInBytes, record.Key.ToArray(), record.Value.ToArray(), record.Headers.Count == 0 ? [] : record.Headers.ToArray()));
            }
        }
        catch (RecordFormatException broken)
        {
            Damage ??= new FileDamage(path, position, $"the records of the batch at offset {Current!.BaseOffset} cannot be read behind {records.Count} of them: {broken.Message}");
        }

        return records;
    }

    public void Dispose()
    {
        file.Dispose();
        ArrayPool<byte>.Shared.Return(window);
    }

    private void Verify(InspectedBatch batch)
    {
        batch.IsCrcRight = batch.Magic < 2 ? RecordBatch.IsValid(Whole().Span) : batch.Crc == Checksum(position + RecordBatchLayout.Attributes, position + size);
        if (batch.IsCrcRight == false) Damage ??= new FileDamage(path, position, $"the checksum of the batch at offset {batch.BaseOffset} is wrong");
    }

    private uint Checksum(long from, long to)
    {
        uint crc = 0;
        while (from < to)
        {
            int bytes = (int)Math.Min(to - from, Limits.ScanWindowBytes);
            crc = Crc32C.Append(crc, Window(from, bytes));
            from += bytes;
        }

        return crc;
    }

    private ReadOnlyMemory<byte> Whole()
    {
        byte[] bytes = new byte[size];
        for (int read = 0; read < size;)
        {
            int count = file.Read(position + read, bytes.AsSpan(read));
            if (count == 0) throw new EndOfStreamException($"{path}: the file became shorter while it was read");
            read += count;
        }

        return bytes;
    }

    private ReadOnlySpan<byte> Window(long at, int bytes)
    {
        if (at < windowStart || at + bytes > windowStart + windowLength) Fill(at, bytes);
        return window.AsSpan((int)(at - windowStart), bytes);
    }

    private void Fill(long at, int bytes)
    {
        windowStart = at;
        windowLength = 0;
        int wanted = (int)Math.Min(Limits.ScanWindowBytes, Length - at);
        while (windowLength < wanted)
        {
            int count = file.Read(at + windowLength, window.AsSpan(windowLength, wanted - windowLength));
            if (count == 0) break;
            windowLength += count;
        }

        if (windowLength < bytes) throw new EndOfStreamException($"{path}: the file became shorter while it was read");
    }
}
