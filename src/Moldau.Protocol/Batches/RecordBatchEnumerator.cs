namespace Moldau.Protocol.Batches;

/// <summary>
/// Walks over batches that stand one after another, of any magic, without looking at their checksums. <see cref="State"/> tells why it
/// stopped: a fetched record set may well end in a torn batch, which is no error.
/// </summary>
public ref struct RecordBatchEnumerator
{
    private readonly ReadOnlySpan<byte> source;
    private int size;

    /// <summary>Stands before the first batch of <paramref name="source"/>.</summary>
    public RecordBatchEnumerator(ReadOnlySpan<byte> source)
    {
        this.source = source;
        State = BatchScan.Batch;
    }

    /// <summary>What the last <see cref="MoveNext"/> found.</summary>
    public BatchScan State { get; private set; }

    /// <summary>Where the current batch begins; after the last one, where the rest begins: everything before it is whole batches.</summary>
    public int Position { get; private set; }

    /// <summary>The current batch, all of it.</summary>
    public readonly ReadOnlySpan<byte> CurrentBytes => source.Slice(Position, size);

    /// <summary>The current batch's header.</summary>
    public readonly RecordBatchHeader Current => new(CurrentBytes);

    /// <summary>Steps to the next whole batch; false at the end, before a torn batch and before damage.</summary>
    public bool MoveNext()
    {
        if (State != BatchScan.Batch) return false;
        Position += size;
        State = RecordBatch.Probe(source[Position..], out size);
        if (State == BatchScan.Batch) return true;
        size = 0;
        return false;
    }

    /// <summary>Steps to the next whole batch; false at the end and before a torn batch.</summary>
    /// <exception cref="RecordFormatException"><see cref="RecordFormatError.Batch"/>: no batch begins here; <see cref="RecordFormatError.Checksum"/>: it is too short for its header.</exception>
    public bool MoveNextOrThrow()
    {
        if (MoveNext()) return true;
        if (State == BatchScan.Corrupt) throw Corruption();
        return false;
    }

    internal readonly RecordFormatException Corruption()
    {
        RecordBatch.Probe(source[Position..], out int claimed);
        return claimed == 0
            ? new(RecordFormatError.Batch, $"no batch begins at byte {Position}: its length or magic byte cannot be")
            : new(RecordFormatError.Checksum, $"the batch at byte {Position} has {claimed} bytes, too few for its header");
    }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly RecordBatchEnumerator GetEnumerator() => this;
}
