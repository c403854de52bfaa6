using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>A walk over the records of a batch of magic 2.</summary>
internal struct RecordCursor
{
    private readonly ReadOnlyMemory<byte> body;
    private readonly long baseOffset;
    private readonly long baseTimestamp;
    private readonly long? appendTimestamp;
    private readonly int baseSequence;
    private readonly int count;
    private int read;
    private int position;

    private RecordCursor(RecordBatchHeader header, ReadOnlyMemory<byte> body, int count)
    {
        this.body = body;
        this.count = count;
        baseOffset = header.BaseOffset.Value;
        baseTimestamp = header.BaseTimestamp;
        baseSequence = header.BaseSequence;
        appendTimestamp = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : null;
    }

    public Record Current { get; private set; }

    public static RecordCursor Open(ReadOnlyMemory<byte> batch, PooledBuffer? buffer, int decompressedBytesMax)
    {
        RecordBatchHeader header = new(batch.Span);
        int count = header.Count!.Value;
        if (count < 0) throw Damaged($"the batch says that it has {count} records");
        // A batch that says it has none is not read further, as in Kafka.
        ReadOnlyMemory<byte> body = count == 0 ? default : batch[RecordBatchLayout.HeaderBytes..];
        if (count != 0 && header.Compression != CompressionType.None)
        {
            Invariant.That(buffer is not null);
            int start = buffer.Length;
            RecordCompression.Decompress(header.Compression, body.Span, decompressedBytesMax, buffer);
            body = buffer.Memory[start..];
        }

        return new(header, body, count);
    }

    public bool MoveNext()
    {
        if (read == count)
        {
            if (position != body.Length) throw Damaged($"{body.Length - position} bytes are left behind the batch's {count} records");
            return false;
        }

        string? defect = RecordLayout.Read(body.Span, position, out RecordLayout layout);
        if (defect is not null) throw Damaged($"record {read} of the batch at offset {baseOffset}: {defect}");
        position = layout.End;
        read++;
        Current = View(layout);
        return true;
    }

    private readonly Record View(in RecordLayout layout) => new()
    {
        Offset = new(unchecked(baseOffset + layout.OffsetDelta)),
        TimestampMs = appendTimestamp ?? unchecked(baseTimestamp + layout.TimestampDelta),
        Sequence = RecordBatch.Sequence(baseSequence, layout.OffsetDelta),
        SizeInBytes = layout.End - layout.Start,
        Attributes = layout.Attributes,
        Key = Slice(layout.KeyStart, layout.KeyLength),
        Value = Slice(layout.ValueStart, layout.ValueLength),
        Headers = new(body[layout.HeadersStart..layout.End], layout.HeaderCount),
    };

    private readonly NullableBytes Slice(int start, int length) => length < 0 ? default : new(body.Slice(start, length));

    private static RecordFormatException Damaged(string reason) => new(RecordFormatError.Record, reason);
}
