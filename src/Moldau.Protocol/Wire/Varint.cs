namespace Moldau.Protocol;

/// <summary>Variable-length numbers: seven bits a byte, the lowest first, the top bit set on all but the last.</summary>
internal static class Varint
{
    /// <summary>Bytes used; 0 when the bytes end first, -1 when the number is too long.</summary>
    public static int TryRead(ReadOnlySpan<byte> source, out uint value)
    {
        value = 0;
        for (int i = 0; i < source.Length; i++)
        {
            byte next = source[i];
            if (i == 4 && next > 0x0f) return -1;
            value |= (uint)(next & 0x7f) << (7 * i);
            if (next < 0x80) return i + 1;
        }

        return 0;
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out uint)"/>
    public static int TryRead(ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (int i = 0; i < source.Length; i++)
        {
            byte next = source[i];
            if (i == 9 && next > 1) return -1;
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80) return i + 1;
        }

        return 0;
    }

    /// <summary>What a result that is no length means.</summary>
    public static string Reason(int result) => result == 0 ? "the bytes end within a varint" : "a varint of too many bits";

    /// <summary>Bytes that <paramref name="value"/> takes.</summary>
    public static int Size(uint value) => ((31 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7) + 1;

    /// <summary>Writes and returns the bytes used.</summary>
    public static int Write(Span<byte> target, uint value)
    {
        int used = 0;
        for (; value >= 0x80; value >>= 7) target[used++] = (byte)(value | 0x80);
        target[used] = (byte)value;
        return used + 1;
    }

    /// <inheritdoc cref="Write(Span{byte}, uint)"/>
    public static int Write(Span<byte> target, ulong value)
    {
        int used = 0;
        for (; value >= 0x80; value >>= 7) target[used++] = (byte)(value | 0x80);
        target[used] = (byte)value;
        return used + 1;
    }
}
