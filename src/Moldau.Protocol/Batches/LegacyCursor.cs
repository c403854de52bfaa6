using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>
/// A walk over the messages that one entry of magic 0 or 1 stands for: itself, or those of the compressed set in its value. Inner offsets
/// are absolute in magic 0; in magic 1 they count from the set's beginning and the wrapper has the last one's (KIP-31). Under log append time
/// the wrapper's timestamp holds for all.
/// </summary>
internal struct LegacyCursor
{
    private readonly ReadOnlyMemory<byte> set;
    private readonly bool wrapped;
    private readonly sbyte magic;
    private readonly long offsetShift;
    private readonly long? appendTimestamp;
    private int position;

    private LegacyCursor(ReadOnlyMemory<byte> set, LegacyMessage wrapper, long lastInnerOffset, bool wrapped)
    {
        this.set = set;
        this.wrapped = wrapped;
        magic = wrapper.Header.Magic;
        offsetShift = wrapped && magic == 1 ? unchecked(wrapper.Header.BaseOffset.Value - lastInnerOffset) : 0;
        appendTimestamp = wrapper.Header.TimestampType == TimestampType.LogAppendTime ? wrapper.Header.MaxTimestamp : null;
    }

    public Record Current { get; private set; }

    public static LegacyCursor Open(ReadOnlyMemory<byte> message, PooledBuffer? buffer, int decompressedBytesMax)
    {
        LegacyMessage wrapper = LegacyMessage.Read(message.Span);
        CompressionType codec = wrapper.Header.Compression;
        if (codec == CompressionType.None) return new(message, wrapper, 0, wrapped: false);
        if (codec == CompressionType.Zstd) throw new RecordFormatException(RecordFormatError.Compression, "zstd needs batches of magic 2");
        if (wrapper.ValueLength < 0) throw LegacyMessage.Damaged("a compressed message without a value");
        Invariant.That(buffer is not null);
        int start = buffer.Length;
        RecordCompression.Decompress(codec, wrapper.Value(message).Span, decompressedBytesMax, buffer, legacy: wrapper.Header.Magic == 0);
        ReadOnlyMemory<byte> set = buffer.Memory[start..];
        return new(set, wrapper, LastInnerOffset(set.Span), wrapped: true);
    }

    public bool MoveNext()
    {
        if (position == set.Length) return false;
        RecordBatch.Probe(set.Span[position..], out int size);
        ReadOnlyMemory<byte> bytes = set.Slice(position, size);
        position += size;
        LegacyMessage message = LegacyMessage.Read(bytes.Span);
        if (wrapped) CheckInner(message, bytes.Span);
        Current = new()
        {
            Offset = new(unchecked(message.Header.BaseOffset.Value + offsetShift)),
            TimestampMs = magic == 0 ? -1 : appendTimestamp ?? message.Header.MaxTimestamp,
            Sequence = -1,
            SizeInBytes = size,
            Attributes = (byte)message.Header.Attributes.Value,
            Key = message.Key(bytes),
            Value = message.Value(bytes),
        };
        return true;
    }

    private readonly void CheckInner(LegacyMessage message, ReadOnlySpan<byte> bytes)
    {
        if (message.Header.Magic != magic) throw LegacyMessage.Damaged($"a message of magic {message.Header.Magic} inside a wrapper of magic {magic}");
        if (message.Header.Compression != CompressionType.None) throw LegacyMessage.Damaged("a compressed message inside a compressed message");
        if (!RecordBatch.IsValid(bytes)) throw LegacyMessage.Damaged("the checksum of a message inside a wrapper is wrong");
    }

    /// <summary>Walks the set once, so that every message in it is known to be whole, and returns the last one's offset.</summary>
    private static long LastInnerOffset(ReadOnlySpan<byte> set)
    {
        RecordBatchEnumerator inner = new(set);
        long last = -1;
        while (inner.MoveNext()) last = inner.Current.BaseOffset.Value;
        if (inner.State != BatchScan.End) throw LegacyMessage.Damaged("a message inside a wrapper is cut or damaged");
        if (set.IsEmpty) throw LegacyMessage.Damaged("a wrapper without messages");
        return last;
    }
}
