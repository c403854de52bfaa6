using System.Buffers.Binary;
using System.Text;

namespace Moldau.Protocol;

/// <summary>
/// Reads Kafka's primitive types from memory. A length is compared with what remains before memory is taken for it. Generated messages
/// have their bytes checked as a whole first (<see cref="WireCheck"/>), so that their errors name the field; read directly, an error names the primitive.
/// </summary>
/// <param name="memory">The bytes. <see cref="Records"/> that are read stay slices of it.</param>
/// <param name="strings">Where topic names and other recurring strings are shared; null: every string is new.</param>
public ref struct WireReader(ReadOnlyMemory<byte> memory, StringCache? strings = null)
{
    private readonly ReadOnlyMemory<byte> memory = memory;
    private readonly ReadOnlySpan<byte> span = memory.Span;
    private readonly StringCache? strings = strings;
    private int position;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => position;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => span.Length - position;

    internal readonly ReadOnlySpan<byte> Unread => span[position..];

    /// <summary>Reads an <c>int8</c>.</summary>
    public sbyte ReadInt8() => (sbyte)Take(1, "int8")[0];

    /// <summary>Reads a <c>bool</c>: any byte but 0 is true.</summary>
    public bool ReadBool() => Take(1, "bool")[0] != 0;

    /// <summary>Reads an <c>int16</c>.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2, "int16"));

    /// <summary>Reads a <c>uint16</c>.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2, "uint16"));

    /// <summary>Reads an <c>int32</c>.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4, "int32"));

    /// <summary>Reads a <c>uint32</c>.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4, "uint32"));

    /// <summary>Reads an <c>int64</c>.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8, "int64"));

    /// <summary>Reads a <c>float64</c>.</summary>
    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8, "float64"));

    /// <summary>Reads a <c>uuid</c>.</summary>
    public Uuid ReadUuid() => Uuid.Read(Take(Uuid.Size, "uuid"));

    /// <summary>Reads an unsigned varint of at most 5 bytes and 32 bits.</summary>
    public uint ReadUnsignedVarint()
    {
        int used = Varint.TryRead(Unread, out uint value);
        if (used <= 0) throw Error("varint", Varint.Reason(used));
        position += used;
        return value;
    }

    /// <summary>Reads a zigzag varint of at most 5 bytes.</summary>
    public int ReadVarint()
    {
        uint raw = ReadUnsignedVarint();
        return (int)(raw >> 1) ^ -(int)(raw & 1);
    }

    /// <summary>Reads a zigzag varint of at most 10 bytes.</summary>
    public long ReadVarlong()
    {
        int used = Varint.TryRead(Unread, out ulong raw);
        if (used <= 0) throw Error("varlong", Varint.Reason(used));
        position += used;
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    /// <summary>Reads a string that may not be null.</summary>
    public string ReadString(bool compact) => ReadNullableString(compact) ?? throw Error("string", "null where a string is needed");

    /// <summary>Reads a string or null.</summary>
    public string? ReadNullableString(bool compact)
    {
        int length = ReadStringLength(compact);
        return length < 0 ? null : Decode(Take(length, "string"));
    }

    /// <summary>Reads a string that may not be null and is likely to have been read before.</summary>
    public string ReadName(bool compact) => ReadNullableName(compact) ?? throw Error("string", "null where a string is needed");

    /// <summary>Reads a string or null that is likely to have been read before.</summary>
    public string? ReadNullableName(bool compact)
    {
        int length = ReadStringLength(compact);
        if (length < 0) return null;
        ReadOnlySpan<byte> utf8 = Take(length, "string");
        return strings is null ? Decode(utf8) : strings.TryGet(utf8, out string? known) ? known : strings.Add(utf8, Decode(utf8));
    }

    /// <summary>Reads a copy of bytes that may not be null.</summary>
    public byte[] ReadBytes(bool compact) => ReadNullableBytes(compact) ?? throw Error("bytes", "null where bytes are needed");

    /// <summary>Reads a copy of bytes, or null.</summary>
    public byte[]? ReadNullableBytes(bool compact)
    {
        int length = ReadCount(compact);
        return length < 0 ? null : length == 0 ? [] : Take(length, "bytes").ToArray();
    }

    /// <summary>Reads <c>records</c> as a slice of the memory that is read.</summary>
    public Records ReadRecords(bool compact)
    {
        int length = ReadCount(compact);
        return length < 0 ? Records.Null : new Records(ReadRaw(length));
    }

    /// <summary>A slice of the memory.</summary>
    public ReadOnlyMemory<byte> ReadRaw(int length)
    {
        int from = position;
        Take(length, "bytes");
        return memory.Slice(from, length);
    }

    /// <summary>Reads the length of an array or of bytes: -1 for null. It never exceeds the bytes that remain.</summary>
    public int ReadCount(bool compact)
    {
        int count = compact ? (int)(ReadUnsignedVarint() - 1) : ReadInt32();
        if (count < -1 || count > Remaining) throw Error("length", $"{count}, with {Remaining} bytes left");
        return count;
    }

    private int ReadStringLength(bool compact)
    {
        int length = compact ? (int)(ReadUnsignedVarint() - 1) : ReadInt16();
        if (length < -1 || length > Limits.StringBytes) throw Error("string", $"length {length}");
        return length;
    }

    private string Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        if (!System.Text.Unicode.Utf8.IsValid(utf8)) throw Error("string", "not UTF-8");
        return Encoding.UTF8.GetString(utf8);
    }

    private ReadOnlySpan<byte> Take(int length, string what)
    {
        if ((uint)length > (uint)Remaining) throw Error(what, $"{length} bytes needed, {Remaining} left");
        ReadOnlySpan<byte> taken = span.Slice(position, length);
        position += length;
        return taken;
    }

    private readonly WireFormatException Error(string what, string reason) => new(what, reason, position);
}
