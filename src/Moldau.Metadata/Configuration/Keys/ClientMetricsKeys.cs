using static Moldau.Metadata.Configuration.Traits;

namespace Moldau.Metadata.Configuration;

/// <summary>Keys of a client metrics subscription (KIP-714).</summary>
public static class ClientMetricsKeys
{
    internal static readonly KeySection Section = new("Client metrics subscriptions");

    public static readonly ConfigKey<int> IntervalMs = Section.Int("interval.ms", 300000, null,
        Medium(UpdateMode.ClusterWide, "How often matching clients push their metrics, in milliseconds.").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> Match = Section.List("match", [], ConfigRule.DistinctList,
        Medium(UpdateMode.ClusterWide, "Which clients the subscription is for, as `label=regular expression` pairs; empty: all.").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> Metrics = Section.List("metrics", [], ConfigRule.DistinctList,
        Medium(UpdateMode.ClusterWide, "Prefixes of the metric names that are asked for; `*` for all.").NotYet());
}
