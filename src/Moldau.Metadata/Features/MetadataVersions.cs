using System.Collections.Immutable;

namespace Moldau.Metadata.Features;

/// <summary>A level of <c>metadata.version</c>.</summary>
/// <param name="Level">The feature level.</param>
/// <param name="Name">Kafka's name.</param>
/// <param name="ChangesMetadata">Whether the level brought new records or fields: then going below it could lose data and is refused.</param>
/// <param name="Brings">What it enables.</param>
public sealed record MetadataVersionInfo(short Level, string Name, bool ChangesMetadata, string Brings)
{
    /// <summary>The release, for example <c>4.4</c>.</summary>
    public string Release => Name[..Name.IndexOf('-')];
}

/// <summary>The table of every level of <c>metadata.version</c> that a 4.4 cluster can run at.</summary>
public static class MetadataVersions
{
    /// <summary>In order of level, without gaps.</summary>
    public static readonly ImmutableArray<MetadataVersionInfo> All =
    [
        new(7, "3.3-IV3", true, "brokers in controlled shutdown (KIP-841)"),
        new(8, "3.4-IV0", true, "fields of the migration from ZooKeeper (KIP-866)"),
        new(9, "3.5-IV0", false, "Fetch 14 and ListOffsets 8 for tiered storage (KIP-405)"),
        new(10, "3.5-IV1", false, "Fetch 15 with replica epochs (KIP-903)"),
        new(11, "3.5-IV2", true, "SCRAM credentials"),
        new(12, "3.6-IV0", false, "no new leader epoch when the ISR shrinks"),
        new(13, "3.6-IV1", true, "metadata transactions (KIP-868)"),
        new(14, "3.6-IV2", true, "delegation tokens"),
        new(15, "3.7-IV0", true, "controller registration (KIP-919)"),
        new(16, "3.7-IV1", false, "reserved"),
        new(17, "3.7-IV2", true, "log directories of replicas (KIP-858)"),
        new(18, "3.7-IV3", false, "reserved"),
        new(19, "3.7-IV4", false, "Fetch 16 (KIP-951)"),
        new(20, "3.8-IV0", false, "release 3.8"),
        new(21, "3.9-IV0", false, "kraft.version 1, Fetch 17, ListOffsets 9 (KIP-853, KIP-1005)"),
        new(22, "4.0-IV0", false, "group.version 1 (KIP-848)"),
        new(23, "4.0-IV1", true, "eligible leader replicas in partition records (KIP-966)"),
        new(24, "4.0-IV2", false, "transaction.version 2 (KIP-890)"),
        new(25, "4.0-IV3", false, "ListOffsets 10 (KIP-1075)"),
        new(26, "4.1-IV0", false, "eligible.leader.replicas.version 1 by default"),
        new(27, "4.1-IV1", false, "Fetch 18 (KIP-1166)"),
        new(28, "4.2-IV0", false, "share.version 1 (KIP-932)"),
        new(29, "4.2-IV1", false, "streams.version 1 (KIP-1071), ListOffsets 11"),
        new(30, "4.3-IV0", true, "cordoned log directories (KIP-1066)"),
        new(31, "4.4-IV0", false, "share.version 2"),
        new(32, "4.4-IV1", true, "ACLs for ranges of addresses"),
        new(33, "4.4-IV2", true, "controllers can be unregistered"),
    ];

    /// <summary>The entry of a level; null outside of the table.</summary>
    public static MetadataVersionInfo? Find(short level) =>
        level >= All[0].Level && level <= All[^1].Level ? All[level - All[0].Level] : null;

    /// <summary>Whether a move between two levels passes one that brought new records or fields.</summary>
    public static bool MetadataChangesBetween(MetadataVersion a, MetadataVersion b)
    {
        short low = Math.Min(a.Level, b.Level), high = Math.Max(a.Level, b.Level);
        foreach (MetadataVersionInfo info in All)
        {
            if (info.Level > low && info.Level <= high && info.ChangesMetadata) return true;
        }

        return false;
    }
}
