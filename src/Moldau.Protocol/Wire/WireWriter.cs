using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Moldau.Protocol;

/// <summary>
/// Writes Kafka's primitive types into one pooled buffer; <see cref="Records"/> become segments of their own between pieces of it and are not copied.
/// A writer is made once and reset for each batch of frames: then it takes no memory. Not thread-safe.
/// </summary>
public sealed partial class WireWriter : IDisposable
{
    private readonly List<Insertion> insertions = [];
    private readonly List<WireSegment> segments = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Limits.WriterBytes);
    private int position;
    private long insertedBytes;
    private bool segmentsCurrent;

    /// <summary>Bytes written, records included.</summary>
    public long Length => position + insertedBytes;

    /// <summary>What was written, in order. Valid until the writer is written to, reset or disposed.</summary>
    public IReadOnlyList<WireSegment> Segments
    {
        get
        {
            if (!segmentsCurrent) CutSegments();
            return segments;
        }
    }

    /// <summary>Forgets what was written and keeps the buffer. File regions are not released.</summary>
    public void Reset()
    {
        position = 0;
        insertedBytes = 0;
        insertions.Clear();
        segments.Clear();
        segmentsCurrent = false;
        if (buffer.Length > Limits.RetainedWriterBytes) Replace(Limits.WriterBytes);
    }

    /// <summary>Gives the buffer back to the pool.</summary>
    public void Dispose()
    {
        byte[] old = buffer;
        Reset();
        buffer = [];
        if (old.Length > 0) ArrayPool<byte>.Shared.Return(old);
    }

    /// <summary>Everything in one array, file regions read. For tools and tests.</summary>
    public byte[] ToArray()
    {
        byte[] all = new byte[checked((int)Length)];
        int at = 0;
        foreach (WireSegment segment in Segments)
        {
            ReadOnlySpan<byte> piece = segment.Region is { } region ? region.ReadAll() : segment.Memory.Span;
            piece.CopyTo(all.AsSpan(at));
            at += piece.Length;
        }

        return all;
    }

    /// <summary>Writes an <c>int8</c>.</summary>
    public void WriteInt8(sbyte value) => Take(1)[0] = (byte)value;

    /// <summary>Writes a <c>bool</c>.</summary>
    public void WriteBool(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes an <c>int16</c>.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    /// <summary>Writes a <c>uint16</c>.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    /// <summary>Writes an <c>int32</c>.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>Writes a <c>uint32</c>.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    /// <summary>Writes an <c>int64</c>.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>Writes a <c>float64</c>.</summary>
    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(8), value);

    /// <summary>Writes a <c>uuid</c>.</summary>
    public void WriteUuid(Uuid value) => value.Write(Take(Uuid.Size));

    /// <summary>Writes an unsigned varint.</summary>
    public void WriteUnsignedVarint(uint value) => position += Varint.Write(Room(5), value);

    /// <summary>Writes a zigzag varint.</summary>
    public void WriteVarint(int value) => WriteUnsignedVarint((uint)((value << 1) ^ (value >> 31)));

    /// <summary>Writes a zigzag varint of 64 bits.</summary>
    public void WriteVarlong(long value) => position += Varint.Write(Room(10), (ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes the length of an array or of bytes; -1 for null.</summary>
    public void WriteCount(int count, bool compact)
    {
        if (compact) WriteUnsignedVarint((uint)(count + 1));
        else WriteInt32(count);
    }

    /// <summary>Writes a string that may not be null.</summary>
    /// <exception cref="MessageVersionException">It is null, or longer than 32767 bytes.</exception>
    public void WriteString(string value, bool compact, [CallerArgumentExpression(nameof(value))] string? field = null)
    {
        if (value is null) throw new MessageVersionException($"{field} is null, which the version does not allow");
        WriteText(value, compact, field);
    }

    /// <summary>Writes a string or null.</summary>
    /// <exception cref="MessageVersionException">It is longer than 32767 bytes.</exception>
    public void WriteNullableString(string? value, bool compact, [CallerArgumentExpression(nameof(value))] string? field = null)
    {
        if (value is not null) WriteText(value, compact, field);
        else if (compact) WriteInt8(0);
        else WriteInt16(-1);
    }

    /// <summary>Writes bytes that may not be null.</summary>
    /// <exception cref="MessageVersionException">They are null.</exception>
    public void WriteBytes(byte[] value, bool compact, [CallerArgumentExpression(nameof(value))] string? field = null)
    {
        if (value is null) throw new MessageVersionException($"{field} is null, which the version does not allow");
        WriteNullableBytes(value, compact);
    }

    /// <summary>Writes bytes or null.</summary>
    public void WriteNullableBytes(byte[]? value, bool compact)
    {
        WriteCount(value is null ? -1 : value.Length, compact);
        if (value is not null) WriteRaw(value);
    }

    /// <summary>Copies bytes as they are.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private void WriteText(string value, bool compact, string? field)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        if (size > Limits.StringBytes) throw new MessageVersionException($"{field} takes {size} bytes, more than {Limits.StringBytes}");
        if (compact) WriteUnsignedVarint((uint)size + 1);
        else WriteInt16((short)size);
        Encoding.UTF8.GetBytes(value, Take(size));
    }

    private Span<byte> Take(int count)
    {
        Span<byte> taken = Room(count)[..count];
        position += count;
        return taken;
    }

    private Span<byte> Room(int count)
    {
        segmentsCurrent = false;
        if (buffer.Length - position < count) Replace(checked(position + Math.Max(count, position)));
        return buffer.AsSpan(position);
    }

    private void Replace(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, Limits.WriterBytes));
        buffer.AsSpan(0, position).CopyTo(larger);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
