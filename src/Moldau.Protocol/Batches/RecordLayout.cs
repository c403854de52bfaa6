namespace Moldau.Protocol.Batches;

/// <summary>
/// Where the parts of a record of magic 2 stand: the result of checking every length in it against what remains. Lengths of -1 are null;
/// anything below is read as null too, as Kafka does.
/// </summary>
internal struct RecordLayout
{
    public int Start;
    public byte Attributes;
    public long TimestampDelta;
    public int OffsetDelta;
    public int KeyStart;
    public int KeyLength;
    public int ValueStart;
    public int ValueLength;
    public int HeadersStart;
    public int HeaderCount;
    public int End;

    /// <summary>Reads the record at <paramref name="position"/>, without a look at the content of key and value. Null when it is whole, else what is wrong.</summary>
    public static string? Read(ReadOnlySpan<byte> source, int position, out RecordLayout layout)
    {
        layout = default;
        layout.Start = position;
        if (!RecordVarint.TryRead32(source, ref position, out int size)) return "its length is cut or too long";
        if (size < 0 || size > source.Length - position) return $"its length is {size} where {source.Length - position} bytes are left";
        layout.End = position + size;
        // Nothing in the record may reach past its own end.
        ReadOnlySpan<byte> record = source[..layout.End];
        if (position == layout.End) return "it is empty";
        layout.Attributes = record[position++];
        if (!RecordVarint.TryRead64(record, ref position, out layout.TimestampDelta)) return "its timestamp delta is cut or too long";
        if (!RecordVarint.TryRead32(record, ref position, out layout.OffsetDelta)) return "its offset delta is cut or too long";
        if (!Skip(record, ref position, out layout.KeyStart, out layout.KeyLength)) return "its key does not fit";
        if (!Skip(record, ref position, out layout.ValueStart, out layout.ValueLength)) return "its value does not fit";
        if (!RecordVarint.TryRead32(record, ref position, out layout.HeaderCount)) return "its header count is cut or too long";
        layout.HeadersStart = position;
        if (layout.HeaderCount != 0 && !SkipHeaders(record, ref position, layout.HeaderCount)) return $"its {layout.HeaderCount} headers do not fit";
        return position == layout.End ? null : $"{layout.End - position} bytes are left behind its headers";
    }

    private static bool Skip(ReadOnlySpan<byte> record, ref int position, out int start, out int length)
    {
        bool read = RecordVarint.TryRead32(record, ref position, out length);
        start = position;
        if (!read || length > record.Length - position) return false;
        if (length > 0) position += length;
        return true;
    }

    private static bool SkipHeaders(ReadOnlySpan<byte> record, ref int position, int count)
    {
        // A header has two bytes at least.
        if (count < 0 || count > (record.Length - position) / 2) return false;
        for (int i = 0; i < count; i++)
        {
            if (!Skip(record, ref position, out _, out int keyLength) || keyLength < 0) return false;
            if (!Skip(record, ref position, out _, out _)) return false;
        }

        return true;
    }
}
