using Moldau.Protocol.Messages;

using System.Buffers.Binary;

namespace Moldau.Protocol;

/// <summary>What generated messages use to fill their arrays: the elements they hold are used again.</summary>
internal static class WireReaderArrays
{
    /// <summary>Reads an array's count and empties the array; fails on null.</summary>
    public static int Begin<T>(this ref WireReader reader, MessageArray<T> array, bool compact)
    {
        int count = reader.ReadCount(compact);
        if (count < 0) throw new WireFormatException("array", "null where an array is needed", reader.Position);
        array.Clear();
        return count;
    }

    /// <summary>Reads an array's count and returns the array to fill, emptied, or null; a null leaves what was there in <paramref name="spare"/>.</summary>
    public static MessageArray<T>? BeginNullable<T>(this ref WireReader reader, MessageArray<T>? array, ref MessageArray<T>? spare, bool compact, out int count)
    {
        count = reader.ReadCount(compact);
        array ??= spare;
        array?.Clear();
        spare = array;
        return count < 0 ? null : array ?? new MessageArray<T>();
    }

    public static void ReadItems(this ref WireReader reader, MessageArray<sbyte> array, int count)
    {
        foreach (ref sbyte item in array.Extend(count)) item = reader.ReadInt8();
    }

    public static void ReadItems(this ref WireReader reader, MessageArray<short> array, int count)
    {
        foreach (ref short item in array.Extend(count)) item = reader.ReadInt16();
    }

    public static void ReadItems(this ref WireReader reader, MessageArray<int> array, int count)
    {
        ReadOnlySpan<byte> source = reader.ReadRaw(checked(count * sizeof(int))).Span;
        Span<int> items = array.Extend(count);
        for (int i = 0; i < items.Length; i++) items[i] = BinaryPrimitives.ReadInt32BigEndian(source[(i * sizeof(int))..]);
    }

    public static void ReadItems(this ref WireReader reader, MessageArray<long> array, int count)
    {
        foreach (ref long item in array.Extend(count)) item = reader.ReadInt64();
    }

    public static void ReadItems(this ref WireReader reader, MessageArray<Uuid> array, int count)
    {
        foreach (ref Uuid item in array.Extend(count)) item = reader.ReadUuid();
    }

    public static void ReadItems(this ref WireReader reader, MessageArray<string> array, int count, bool compact)
    {
        foreach (ref string item in array.Extend(count)) item = reader.ReadName(compact);
    }
}
