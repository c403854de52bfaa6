using System.Globalization;

namespace Moldau.Storage.Segments;

/// <summary>Kafka's file names in a partition's folder: the segment's first offset in twenty digits, and a suffix.</summary>
internal static class SegmentNames
{
    public const string Log = ".log", OffsetIndex = ".index", TimeIndex = ".timeindex", TransactionIndex = ".txnindex", Snapshot = ".snapshot";
    public const string Deleted = ".deleted", Cleaned = ".cleaned", Swap = ".swap";

    /// <summary>Digits of the offset.</summary>
    public const int Digits = 20;

    /// <summary>A file of the segment, or the producer snapshot, at an offset.</summary>
    public static string File(long offset, string suffix) => string.Create(Digits + suffix.Length, (offset, suffix), static (target, of) =>
    {
        of.offset.TryFormat(target, out _, "D20", CultureInfo.InvariantCulture);
        of.suffix.CopyTo(target[Digits..]);
    });

    /// <summary>The offset in a name that begins with one.</summary>
    public static bool TryParse(string name, out long offset, out ReadOnlySpan<char> suffix)
    {
        offset = 0;
        suffix = default;
        if (name.Length <= Digits || name[Digits] is not ('.' or '-')) return false;
        if (!long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out offset)) return false;
        suffix = name.AsSpan(Digits);
        return true;
    }
}
