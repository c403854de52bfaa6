using System.Buffers.Binary;

namespace Moldau.Protocol.Batches;

/// <summary>A message of magic 0 or 1: offset, length, CRC, magic, attributes, timestamp (magic 1), key, value; lengths are int32.</summary>
internal readonly ref struct LegacyMessage
{
    private LegacyMessage(RecordBatchHeader header, int keyAt, int keyLength, int valueAt, int valueLength)
    {
        Header = header;
        KeyAt = keyAt;
        KeyLength = keyLength;
        ValueAt = valueAt;
        ValueLength = valueLength;
    }

    public RecordBatchHeader Header { get; }

    public int KeyAt { get; }

    public int KeyLength { get; }

    public int ValueAt { get; }

    public int ValueLength { get; }

    /// <summary>Reads one whole message.</summary>
    /// <exception cref="RecordFormatException">Its key or value does not fit.</exception>
    public static LegacyMessage Read(ReadOnlySpan<byte> message)
    {
        RecordBatchHeader header = new(message);
        int keyAt = header.Magic == 0 ? RecordBatchLayout.LegacyKeyV0 : RecordBatchLayout.LegacyKeyV1;
        int keyLength = Length(message, ref keyAt, "key");
        int valueAt = keyAt + Math.Max(keyLength, 0);
        int valueLength = Length(message, ref valueAt, "value");
        return new(header, keyAt, keyLength, valueAt, valueLength);
    }

    public NullableBytes Key(ReadOnlyMemory<byte> message) => KeyLength < 0 ? default : new(message.Slice(KeyAt, KeyLength));

    public NullableBytes Value(ReadOnlyMemory<byte> message) => ValueLength < 0 ? default : new(message.Slice(ValueAt, ValueLength));

    private static int Length(ReadOnlySpan<byte> message, ref int at, string what)
    {
        if (message.Length - at < 4) throw Damaged($"the length of a message's {what} is missing");
        int length = BinaryPrimitives.ReadInt32BigEndian(message[at..]);
        at += 4;
        if (length > message.Length - at) throw Damaged($"a message's {what} has {length} bytes where {message.Length - at} are left");
        return length;
    }

    internal static RecordFormatException Damaged(string reason) => new(RecordFormatError.Record, reason);
}
