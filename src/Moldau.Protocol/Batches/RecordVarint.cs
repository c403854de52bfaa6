using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Batches;

/// <summary>
/// Zigzag varints of records. Needless continuation bytes are read as Java reads them: up to 5 bytes for 32 bits and 10 for 64, bits beyond are dropped.
/// </summary>
internal static class RecordVarint
{
    public const int BytesMax32 = 5;
    public const int BytesMax64 = 10;

    /// <summary>Reads at <paramref name="position"/> and moves it on; false, and the position anywhere, when the number is cut or too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead32(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        if ((uint)position < (uint)source.Length && source[position] < 0x80)
        {
            uint first = source[position++];
            value = (int)(first >> 1) ^ -(int)(first & 1);
            return true;
        }

        return TryReadLong32(source, ref position, out value);
    }

    /// <summary>The same for 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead64(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        if ((uint)position < (uint)source.Length && source[position] < 0x80)
        {
            uint first = source[position++];
            value = (first >> 1) ^ -(long)(first & 1);
            return true;
        }

        return TryReadLong64(source, ref position, out value);
    }

    /// <summary>Writes and returns the bytes written; the target has room for the longest.</summary>
    public static int Write(Span<byte> target, long value)
    {
        ulong raw = (ulong)((value << 1) ^ (value >> 63));
        int length = 0;
        for (; raw >= 0x80; raw >>= 7) target[length++] = (byte)(raw | 0x80);
        target[length++] = (byte)raw;
        return length;
    }

    /// <summary>Bytes that <see cref="Write"/> takes.</summary>
    public static int SizeOf(long value)
    {
        ulong raw = (ulong)((value << 1) ^ (value >> 63));
        return (70 - System.Numerics.BitOperations.LeadingZeroCount(raw | 1)) / 7;
    }

    private static bool TryReadLong32(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        bool read = TryReadRaw(source, ref position, BytesMax32, out ulong raw);
        uint narrow = (uint)raw;
        value = (int)(narrow >> 1) ^ -(int)(narrow & 1);
        return read;
    }

    private static bool TryReadLong64(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        bool read = TryReadRaw(source, ref position, BytesMax64, out ulong raw);
        value = (long)(raw >> 1) ^ -(long)(raw & 1);
        return read;
    }

    private static bool TryReadRaw(ReadOnlySpan<byte> source, ref int position, int bytesMax, out ulong raw)
    {
        raw = 0;
        for (int i = 0; i < bytesMax && position < source.Length; i++)
        {
            byte next = source[position++];
            raw |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80) return true;
        }

        return false;
    }
}
