using System.Globalization;

namespace Moldau.Protocol.Messages;

/// <summary>Message versions in which something exists: <c>0-14</c>, <c>3+</c>, <c>2</c> or <c>none</c>.</summary>
public readonly struct VersionRange : IEquatable<VersionRange>
{
    /// <summary>A range with both ends in it; empty when the ends cross.</summary>
    public VersionRange(short lowest, short highest)
    {
        Lowest = lowest;
        Highest = highest;
    }

    /// <summary>No version at all.</summary>
    public static VersionRange None => new(0, -1);

    /// <summary>Every version.</summary>
    public static VersionRange All => new(0, short.MaxValue);

    /// <summary>The first version.</summary>
    public short Lowest { get; }

    /// <summary>The last version; <see cref="short.MaxValue"/> when open.</summary>
    public short Highest { get; }

    /// <summary>Whether no version is in it.</summary>
    public bool IsEmpty => Lowest > Highest;

    /// <summary>Whether <paramref name="version"/> is in it.</summary>
    public bool Contains(int version) => version >= Lowest && version <= Highest;

    /// <summary>Whether all of <paramref name="other"/> is in it.</summary>
    public bool Covers(VersionRange other) => other.IsEmpty || (Lowest <= other.Lowest && Highest >= other.Highest);

    /// <summary>The versions in both.</summary>
    public VersionRange Intersect(VersionRange other) => new(Math.Max(Lowest, other.Lowest), Math.Min(Highest, other.Highest));

    /// <summary>Reads the schema's form.</summary>
    public static bool TryParse(string text, out VersionRange range)
    {
        range = None;
        if (text == "none") return true;
        int dash = text.IndexOf('-');
        if (dash > 0) return Number(text.Substring(0, dash), out short low) && Number(text.Substring(dash + 1), out short high) && Set(low, high, out range);
        bool open = text.Length > 1 && text[text.Length - 1] == '+';
        return Number(open ? text.Substring(0, text.Length - 1) : text, out short first) && Set(first, open ? short.MaxValue : first, out range);
    }

    public static bool operator ==(VersionRange left, VersionRange right) => left.Equals(right);

    public static bool operator !=(VersionRange left, VersionRange right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(VersionRange other) => (IsEmpty && other.IsEmpty) || (Lowest == other.Lowest && Highest == other.Highest);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VersionRange other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsEmpty ? 0 : (Lowest << 16) ^ (ushort)Highest;

    /// <inheritdoc/>
    public override string ToString() =>
        IsEmpty ? "none" : Highest == short.MaxValue ? $"{Lowest}+" : Lowest == Highest ? $"{Lowest}" : $"{Lowest}-{Highest}";

    private static bool Set(short low, short high, out VersionRange range)
    {
        range = new VersionRange(low, high);
        return low <= high;
    }

    private static bool Number(string text, out short value) => short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
