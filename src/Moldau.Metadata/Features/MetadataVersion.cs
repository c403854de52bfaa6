using System.Diagnostics.CodeAnalysis;

namespace Moldau.Metadata.Features;

/// <summary>
/// The level of the feature <c>metadata.version</c>: which records the controller may write, and at which version.
/// The whole cluster moves together, so every record is written at the version that the finalized level names, never a newer one.
/// </summary>
public readonly record struct MetadataVersion(short Level) : IComparable<MetadataVersion>
{
    /// <summary>The feature's name.</summary>
    public const string FeatureName = "metadata.version";

    /// <summary>3.3-IV3, the oldest that a 4.x cluster runs at.</summary>
    public static readonly MetadataVersion Minimum = new(7);

    /// <summary>4.4-IV2, the newest stable one.</summary>
    public static readonly MetadataVersion Latest = new(33);

    /// <summary>SCRAM credentials in the log.</summary>
    public bool SupportsScram => Level >= 11;

    /// <summary>Before KAFKA-15021 was mended, followers relied on a new leader epoch when the ISR shrank.</summary>
    public bool BumpsLeaderEpochOnIsrShrink => Level < 12;

    /// <summary>Begin, end and abort of metadata transactions (KIP-868).</summary>
    public bool SupportsTransactions => Level >= 13;

    /// <summary>Delegation tokens in the log.</summary>
    public bool SupportsDelegationTokens => Level >= 14;

    /// <summary>Controllers register too (KIP-919).</summary>
    public bool SupportsControllerRegistration => Level >= 15;

    /// <summary>Replicas know their log directory (KIP-858).</summary>
    public bool SupportsDirectories => Level >= 17;

    /// <summary>Partition records may carry eligible leader replicas (KIP-966).</summary>
    public bool SupportsElr => Level >= 23;

    /// <summary>Log directories that take no new replicas.</summary>
    public bool SupportsCordonedDirectories => Level >= 30;

    /// <summary>Controllers can be unregistered.</summary>
    public bool SupportsControllerUnregistration => Level >= 33;

    /// <summary>Version of RegisterBrokerRecord: cordoned directories, directories, the migration flag, controlled shutdown.</summary>
    public short RegisterBrokerRecordVersion => SupportsCordonedDirectories ? (short)4 : SupportsDirectories ? (short)3 : Level >= 8 ? (short)2 : (short)1;

    /// <summary>Version of PartitionRecord: ELR, directories.</summary>
    public short PartitionRecordVersion => SupportsElr ? (short)2 : SupportsDirectories ? (short)1 : (short)0;

    /// <summary>Version of PartitionChangeRecord: ELR, directories.</summary>
    public short PartitionChangeRecordVersion => PartitionRecordVersion;

    /// <summary>Version of Fetch that followers use.</summary>
    public short FetchRequestVersion => Level switch { >= 27 => 18, >= 21 => 17, >= 19 => 16, >= 10 => 15, >= 9 => 14, _ => 13 };

    /// <summary>Version of ListOffsets that followers use.</summary>
    public short ListOffsetsRequestVersion => Level switch { >= 29 => 11, >= 25 => 10, >= 21 => 9, >= 9 => 8, _ => 7 };

    /// <summary>Whether this version of the software can run at the level.</summary>
    public bool IsSupported => Level >= Minimum.Level && Level <= Latest.Level;

    /// <summary>Kafka's name, for example <c>4.4-IV2</c>; the number where it has none.</summary>
    public string Name => MetadataVersions.Find(Level)?.Name ?? Level.ToString();

    /// <summary>Reads <c>4.4-IV2</c> or <c>4.4</c> (the last of that release).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MetadataVersion version)
    {
        version = default;
        foreach (MetadataVersionInfo info in MetadataVersions.All)
        {
            if (info.Name == text || info.Release == text) version = new MetadataVersion(info.Level);
        }

        return version.Level != 0;
    }

    public int CompareTo(MetadataVersion other) => Level.CompareTo(other.Level);

    public override string ToString() => Name;
}
