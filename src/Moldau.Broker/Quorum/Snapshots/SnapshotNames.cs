using System.Globalization;
using Moldau.Raft;

namespace Moldau.Broker.Quorum.Snapshots;

/// <summary>File names of snapshots: <c>%020d-%010d.checkpoint</c>, end offset and epoch; <c>.part</c> while it is written, <c>.deleted</c> while it goes.</summary>
internal static class SnapshotNames
{
    public const string Suffix = ".checkpoint";
    public const string PartSuffix = ".checkpoint.part";
    public const string DeletedSuffix = ".checkpoint.deleted";

    private const int OffsetDigits = 20, EpochDigits = 10, StemLength = OffsetDigits + 1 + EpochDigits;

    public static string Of(OffsetAndEpoch id) => Stem(id) + Suffix;

    public static string PartOf(OffsetAndEpoch id) => Stem(id) + PartSuffix;

    /// <summary>The id in a complete snapshot's name.</summary>
    public static bool TryParse(string name, out OffsetAndEpoch id)
    {
        id = default;
        if (name.Length != StemLength + Suffix.Length || !name.EndsWith(Suffix, StringComparison.Ordinal) || name[OffsetDigits] != '-') return false;
        if (!long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)) return false;
        if (!int.TryParse(name.AsSpan(OffsetDigits + 1, EpochDigits), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)) return false;
        id = new OffsetAndEpoch(offset, epoch);
        return true;
    }

    private static string Stem(OffsetAndEpoch id) => string.Create(CultureInfo.InvariantCulture, $"{id.Offset:D20}-{id.Epoch:D10}");
}
