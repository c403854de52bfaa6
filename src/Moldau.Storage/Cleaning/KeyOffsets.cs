using Moldau.Protocol;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// The last offset of each key in the part of a log that is cleaned for the first time: hashes and offsets, 24 bytes a key, in one table with open
/// addressing. Grows as keys come, up to a bound, beyond which a pass ends early and the next one goes on. Not thread-safe.
/// </summary>
internal sealed class KeyOffsets
{
    private const int EntryBytes = 24, FirstSlots = 1021;
    private readonly int slotsMax;
    private readonly KeyHash hash;
    private Entry[] entries = [];

    /// <summary>A map within so many bytes, filled up to a share of them.</summary>
    public KeyOffsets(long bytesMax, double loadFactor, KeyHash hash)
    {
        this.hash = hash;
        slotsMax = (int)Math.Clamp(bytesMax / EntryBytes, 2, Limits.CleanerMapSlotsMax);
        CountMax = (int)Math.Clamp(slotsMax * loadFactor, 1, LargestPrime(slotsMax) - 1);
    }

    /// <summary>Keys that fit.</summary>
    public int CountMax { get; }

    /// <summary>Keys in it.</summary>
    public int Count { get; private set; }

    /// <summary>Everything up to this offset is in it; -1 when nothing is.</summary>
    public long LatestOffset { get; private set; } = -1;

    /// <summary>Empties it, and gives memory back that only a large log needs.</summary>
    public void Clear()
    {
        if (entries.Length > Limits.CleanerMapSlotsKept) entries = [];
        else Array.Clear(entries);
        Count = 0;
        LatestOffset = -1;
    }

    /// <summary>Says that everything up to an offset is in it.</summary>
    public void ReachTo(long offset) => LatestOffset = offset;

    /// <summary>Notes the offset of a key, which is larger than any before. False when there is no room for another.</summary>
    public bool TryPut(ReadOnlySpan<byte> key, long offset)
    {
        if (Count == CountMax) return false;
        if (Count >= entries.Length / 4 * 3 && entries.Length < LargestPrime(slotsMax)) Grow();
        UInt128 bits = hash.Of(key);
        ref Entry entry = ref Slot(entries, bits);
        if (entry.OffsetPlusOne == 0)
        {
            entry.Bits = bits;
            Count++;
        }

        entry.OffsetPlusOne = offset + 1;
        LatestOffset = offset;
        return true;
    }

    /// <summary>The last offset of a key; -1 when it is not in the map.</summary>
    public long Find(ReadOnlySpan<byte> key) => Count == 0 ? -1 : Slot(entries, hash.Of(key)).OffsetPlusOne - 1;

    // The entry of a hash, or the free one where it belongs. There is always a free one. The number of slots is prime, so that any step visits all.
    private static ref Entry Slot(Entry[] table, UInt128 bits)
    {
        uint slots = (uint)table.Length;
        uint at = (uint)((ulong)bits % slots);
        uint step = 1 + (uint)((ulong)(bits >> 64) % (slots - 1));
        while (true)
        {
            ref Entry entry = ref table[at];
            if (entry.OffsetPlusOne == 0 || entry.Bits == bits) return ref entry;
            at = (uint)(((ulong)at + step) % slots);
        }
    }

    private void Grow()
    {
        Entry[] larger = new Entry[LargestPrime((int)Math.Clamp(entries.Length * 2L, Math.Min(FirstSlots, slotsMax), slotsMax))];
        foreach (Entry entry in entries)
        {
            if (entry.OffsetPlusOne != 0) Slot(larger, entry.Bits) = entry;
        }

        entries = larger;
    }

    private static int LargestPrime(int atMost)
    {
        for (int candidate = atMost; ; candidate--)
        {
            if (IsPrime(candidate)) return candidate;
        }
    }

    private static bool IsPrime(int number)
    {
        Invariant.That(number >= 2);
        for (int divisor = 2; (long)divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0) return false;
        }

        return true;
    }

    private struct Entry
    {
        public UInt128 Bits;
        public long OffsetPlusOne;
    }
}
