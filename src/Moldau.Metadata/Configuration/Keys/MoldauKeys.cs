using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Keys that Kafka does not have. Their names begin with <c>moldau.</c>.</summary>
public static class MoldauKeys
{
    /// <summary>Prefix of every key of our own.</summary>
    public const string Prefix = "moldau.";

    internal static readonly KeySection Section = new("Moldau's own");

    public static readonly ConfigKey<string?> Durability = Section.String("moldau.durability", "fsync", ConfigRule.OneOf("fsync", "pagecache"),
        High(ReadOnly, "When a write counts as done on this node: `fsync` once the device has it, `pagecache` once the operating system has it, as Kafka does."));
}
