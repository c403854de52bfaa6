using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Batches;

/// <summary>
/// Zigzag varints of records. Needless continuation bytes are read as Java reads them: up to 5 bytes for 32 bits and 10 for 64, bits beyond are dropped.
/// </summary>
internal static class RecordVarint
{
    public const int BytesMax32 = 5;
    public const int BytesMax64 = 10;

    // Marks a number that was put together from two bytes, whose bit 7 is a digit then.
    private const uint TwoBytes = 0x8000_0000;

    /// <summary>Reads at <paramref name="position"/> and moves it on; false, and the position anywhere, when the number is cut or too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead32(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        int at = position;
        if ((uint)at < (uint)source.Length)
        {
            // One byte holds -64 to 63, two hold -8192 to 8191: nearly every delta and length.
            uint raw = source[at++];
            if (raw >= 0x80 && (uint)at < (uint)source.Length && source[at] < 0x80) raw = (raw & 0x7f) | ((uint)source[at++] << 7) | TwoBytes;
            if ((raw & (TwoBytes | 0x80)) != 0x80)
            {
                position = at;
                raw &= ~TwoBytes;
                value = (int)(raw >> 1) ^ -(int)(raw & 1);
                return true;
            }
        }

        return TryReadLong32(source, ref position, out value);
    }

    /// <summary>The same for 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead64(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        int at = position;
        if ((uint)at < (uint)source.Length)
        {
            // One byte holds -64 to 63, two hold -8192 to 8191: nearly every delta and length.
            uint raw = source[at++];
            if (raw >= 0x80 && (uint)at < (uint)source.Length && source[at] < 0x80) raw = (raw & 0x7f) | ((uint)source[at++] << 7) | TwoBytes;
            if ((raw & (TwoBytes | 0x80)) != 0x80)
            {
                position = at;
                raw &= ~TwoBytes;
                value = (raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
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
