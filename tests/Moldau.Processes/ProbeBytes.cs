using System.Buffers.Binary;
using System.Text;

namespace Moldau.Processes;

/// <summary>Big-endian fields in the order they are named.</summary>
internal sealed class ProbeWriter
{
    private readonly MemoryStream _bytes = new();

    public ProbeWriter Int8(sbyte value) => Raw([(byte)value]);

    public ProbeWriter Int16(short value)
    {
        Span<byte> field = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(field, value);
        return Raw(field);
    }

    public ProbeWriter Int32(int value)
    {
        Span<byte> field = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(field, value);
        return Raw(field);
    }

    public ProbeWriter Int64(long value)
    {
        Span<byte> field = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(field, value);
        return Raw(field);
    }

    public ProbeWriter String(string value) => Int16((short)Encoding.UTF8.GetByteCount(value)).Raw(Encoding.UTF8.GetBytes(value));

    public ProbeWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>The bytes with their first four set to the length of what follows.</summary>
    public byte[] Framed()
    {
        byte[] bytes = ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
        return bytes;
    }
}

/// <summary>Reads what <see cref="ProbeWriter"/> would write; a read past the end is an <see cref="ArgumentOutOfRangeException"/>.</summary>
internal sealed class ProbeReader(byte[] bytes)
{
    private int _at;

    public sbyte Int8() => (sbyte)Take(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public string? String()
    {
        short length = Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = bytes.AsSpan(_at, length);
        _at += length;
        return taken;
    }
}

/// <summary>A record batch of one record, version 2.</summary>
internal static class ProbeBatch
{
    private const uint Polynomial = 0x82F63B78;

    public static byte[] OneRecord(ReadOnlySpan<byte> value)
    {
        // Lengths below 64 are one varint byte: twice the number.
        byte[] record = new ProbeWriter().Int8(0).Int8(0).Int8(0).Int8(1).Int8((sbyte)(value.Length * 2)).Raw(value).Int8(0).ToArray();
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        byte[] checkedPart = new ProbeWriter()
            .Int16(0).Int32(0).Int64(now).Int64(now).Int64(-1).Int16(-1).Int32(-1).Int32(1)
            .Int8((sbyte)(record.Length * 2)).Raw(record).ToArray();
        return new ProbeWriter().Int64(0).Int32(checkedPart.Length + 9).Int32(-1).Int8(2).Int32((int)Crc32C(checkedPart)).Raw(checkedPart).ToArray();
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
        }

        return ~crc;
    }
}
