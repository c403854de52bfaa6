using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Moldau.Protocol;

/// <summary>
/// Short ASCII strings seen lately, so that decoding a topic's name again takes no memory. One slot for each hash, the newest string keeps it:
/// the memory is bounded whatever peers send. Not thread-safe: it belongs to the loop that decodes.
/// </summary>
public sealed class StringCache
{
    private readonly string?[] slots = new string?[Limits.StringCacheSlots];

    internal bool TryGet(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (utf8.IsEmpty)
        {
            value = "";
            return true;
        }

        if (utf8.Length > Limits.StringCacheBytes) return false;
        value = slots[Slot(utf8)];
        return value is not null && value.Length == utf8.Length && Ascii.Equals(utf8, value);
    }

    internal string Add(ReadOnlySpan<byte> utf8, string value)
    {
        // One char a byte means ASCII: only then can bytes be compared with the string.
        if (value.Length == utf8.Length && utf8.Length <= Limits.StringCacheBytes) slots[Slot(utf8)] = value;
        return value;
    }

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        ulong hash = (ulong)utf8.Length;
        while (utf8.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(utf8)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 29;
            utf8 = utf8[sizeof(ulong)..];
        }

        foreach (byte each in utf8) hash = (hash ^ each) * 0x100000001B3;
        return (int)((hash ^ (hash >> 32)) % Limits.StringCacheSlots);
    }
}
