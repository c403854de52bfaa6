using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Batches;

/// <summary>Tables for the two CRC-32 polynomials, both bit-reflected.</summary>
internal static class Crc32Tables
{
    public const uint Castagnoli = 0x82f63b78;
    public const uint Ieee = 0xedb88320;

    /// <summary>What a byte does to a state of which it is the lowest byte.</summary>
    public static uint[] Bytewise(uint polynomial)
    {
        uint[] table = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            uint state = value;
            for (int bit = 0; bit < 8; bit++) state = (state & 1) != 0 ? (state >> 1) ^ polynomial : state >> 1;
            table[value] = state;
        }

        return table;
    }

    /// <summary>Eight tables of 256: the byte-wise one, and what follows when 1 to 7 zero bytes come after the byte.</summary>
    public static uint[] EightWide(uint polynomial)
    {
        uint[] table = new uint[8 * 256];
        uint[] bytewise = Bytewise(polynomial);
        bytewise.CopyTo(table, 0);
        for (int i = 256; i < table.Length; i++) table[i] = bytewise[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        return table;
    }

    /// <summary>
    /// Four tables of 256 for <see cref="Apply"/>: what <paramref name="zeroBytes"/> zero bytes (a power of two) do to each byte of a state.
    /// The effect is linear, so that of twice as many bytes is the effect applied to itself.
    /// </summary>
    public static uint[] Shift(uint[] bytewise, int zeroBytes)
    {
        Span<uint> effect = stackalloc uint[32];
        for (int bit = 0; bit < 32; bit++) effect[bit] = bytewise[(byte)(1u << bit)] ^ (1u << bit >> 8);
        Span<uint> squared = stackalloc uint[32];
        for (int bytes = 1; bytes < zeroBytes; bytes *= 2)
        {
            for (int bit = 0; bit < 32; bit++) squared[bit] = Combine(effect, effect[bit]);
            squared.CopyTo(effect);
        }

        uint[] table = new uint[4 * 256];
        for (uint i = 0; i < table.Length; i++) table[i] = Combine(effect, (i & 255) << (int)(i / 256 * 8));
        return table;
    }

    /// <summary>A state after the zero bytes of a <see cref="Shift"/> table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Apply(uint[] shift, uint state) =>
        shift[(byte)state] ^ shift[256 + (byte)(state >> 8)] ^ shift[512 + (byte)(state >> 16)] ^ shift[768 + (state >> 24)];

    private static uint Combine(ReadOnlySpan<uint> effect, uint state)
    {
        uint result = 0;
        for (int bit = 0; state != 0; bit++, state >>= 1)
        {
            if ((state & 1) != 0) result ^= effect[bit];
        }

        return result;
    }
}
