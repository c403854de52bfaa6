namespace Moldau.Load.Compare.Brokers;

/// <summary>When a write counts: figures of the two are never mixed.</summary>
internal enum FlushTier
{
    /// <summary>When the operating system has it: Apache Kafka's default.</summary>
    PageCache,

    /// <summary>When the disk has it: Moldau's default.</summary>
    Synced,
}

internal static class FlushTiers
{
    public static string ShortName(this FlushTier tier) => tier == FlushTier.PageCache ? "T0" : "T1";
}
