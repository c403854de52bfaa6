using System.Text;

namespace Moldau.Protocol.Batches;

/// <summary>A header of a record (KIP-82). Keys should be UTF-8, may repeat, and are kept as the bytes they are.</summary>
public readonly struct RecordHeader(ReadOnlyMemory<byte> key, NullableBytes value)
{
    /// <summary>A header with a key of text.</summary>
    public RecordHeader(string key, NullableBytes value)
        : this(Encoding.UTF8.GetBytes(key), value)
    {
    }

    /// <summary>The key, never null.</summary>
    public ReadOnlyMemory<byte> Key { get; } = key;

    /// <summary>The value.</summary>
    public NullableBytes Value { get; } = value;

    /// <summary>The key as text; bytes that are not UTF-8 are shown as U+FFFD.</summary>
    public string KeyText => Encoding.UTF8.GetString(Key.Span);
}

/// <summary>The headers of a record, read as they are walked over.</summary>
public readonly struct RecordHeaders
{
    private readonly ReadOnlyMemory<byte> bytes;

    internal RecordHeaders(ReadOnlyMemory<byte> bytes, int count)
    {
        this.bytes = bytes;
        Count = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>Walks over the headers in their order.</summary>
    public Enumerator GetEnumerator() => new(bytes, Count);

    /// <summary>The headers in an array of their own, with copies of their bytes.</summary>
    public RecordHeader[] ToArray()
    {
        RecordHeader[] headers = new RecordHeader[Count];
        int index = 0;
        foreach (RecordHeader header in this) headers[index++] = new(header.Key.ToArray(), header.Value.ToArray());
        return headers;
    }

    /// <summary>A walk over headers. The record was checked when it was read: the lengths fit.</summary>
    public struct Enumerator
    {
        private readonly ReadOnlyMemory<byte> bytes;
        private int left;
        private int position;

        internal Enumerator(ReadOnlyMemory<byte> bytes, int count)
        {
            this.bytes = bytes;
            left = count;
        }

        /// <summary>The header that the last step reached.</summary>
        public RecordHeader Current { get; private set; }

        /// <summary>Steps to the next header.</summary>
        public bool MoveNext()
        {
            if (left == 0) return false;
            left--;
            ReadOnlyMemory<byte> key = Take().Memory;
            Current = new(key, Take());
            return true;
        }

        private NullableBytes Take()
        {
            bool read = RecordVarint.TryRead32(bytes.Span, ref position, out int length);
            Invariant.That(read);
            if (length < 0) return NullableBytes.Null;
            ReadOnlyMemory<byte> taken = bytes.Slice(position, length);
            position += length;
            return new(taken);
        }
    }
}
