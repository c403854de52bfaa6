using Moldau.Protocol.Messages;

namespace Moldau.Protocol;

/// <summary>What generated messages use to write the elements of their arrays.</summary>
internal static class WireWriterArrays
{
    public static void WriteItems(this WireWriter writer, MessageArray<sbyte> array)
    {
        foreach (sbyte item in array) writer.WriteInt8(item);
    }

    public static void WriteItems(this WireWriter writer, MessageArray<short> array)
    {
        foreach (short item in array) writer.WriteInt16(item);
    }

    public static void WriteItems(this WireWriter writer, MessageArray<int> array)
    {
        foreach (int item in array) writer.WriteInt32(item);
    }

    public static void WriteItems(this WireWriter writer, MessageArray<long> array)
    {
        foreach (long item in array) writer.WriteInt64(item);
    }

    public static void WriteItems(this WireWriter writer, MessageArray<Uuid> array)
    {
        foreach (Uuid item in array) writer.WriteUuid(item);
    }

    public static void WriteItems(this WireWriter writer, MessageArray<string> array, bool compact)
    {
        foreach (string item in array) writer.WriteString(item, compact);
    }
}
