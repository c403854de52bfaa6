using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>Whether a partition's leader has recovered from an unclean election.</summary>
public enum LeaderRecoveryState : sbyte
{
    Recovered = 0,
    Recovering = 1,
}

/// <summary>A partition as the metadata log knows it: replicas, leader, ISR and their epochs. Immutable.</summary>
public sealed record PartitionRegistration
{
    /// <summary>The leader of a partition that has none.</summary>
    public const int NoLeader = -1;

    /// <summary>In PartitionChangeRecord: the leader stays, and with it the leader epoch.</summary>
    public const int NoLeaderChange = -2;

    /// <summary>Brokers that hold a replica; the first one is the preferred leader.</summary>
    public required ImmutableArray<int> Replicas { get; init; }

    /// <summary>The log directory of each replica, in the same order.</summary>
    public required ImmutableArray<Uuid> Directories { get; init; }

    /// <summary>Replicas in sync with the leader.</summary>
    public required ImmutableArray<int> Isr { get; init; }

    /// <summary>Replicas that leave when the running reassignment ends.</summary>
    public ImmutableArray<int> RemovingReplicas { get; init; } = [];

    /// <summary>Replicas that were added by the running reassignment.</summary>
    public ImmutableArray<int> AddingReplicas { get; init; } = [];

    /// <summary>Replicas outside of the ISR that hold everything up to the high watermark (KIP-966).</summary>
    public ImmutableArray<int> Elr { get; init; } = [];

    /// <summary>The last leader, kept while there is none; written by other controllers it may hold former ELR members.</summary>
    public ImmutableArray<int> LastKnownElr { get; init; } = [];

    /// <summary>The leader, or <see cref="NoLeader"/>.</summary>
    public required int Leader { get; init; }

    /// <summary>Whether the leader still recovers from an unclean election.</summary>
    public LeaderRecoveryState RecoveryState { get; init; }

    /// <summary>Rises with each change of leader.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>Rises with each change at all.</summary>
    public required int PartitionEpoch { get; init; }

    /// <summary>Whether somebody leads.</summary>
    public bool HasLeader => Leader != NoLeader;

    /// <summary>The replica that should lead.</summary>
    public int PreferredReplica => Replicas.IsEmpty ? NoLeader : Replicas[0];

    /// <summary>Whether the preferred replica leads.</summary>
    public bool HasPreferredLeader => Leader == PreferredReplica;

    /// <summary>Whether replicas are being added or removed.</summary>
    public bool IsReassigning => !RemovingReplicas.IsEmpty || !AddingReplicas.IsEmpty;

    /// <summary>The directory of a replica; null when the broker has none.</summary>
    public Uuid? DirectoryOf(int broker)
    {
        int index = Replicas.IndexOf(broker);
        return index < 0 ? null : Directories[index];
    }

    /// <summary>The partition that a PartitionRecord describes.</summary>
    public static PartitionRegistration From(PartitionRecord record)
    {
        ImmutableArray<int> replicas = [.. record.Replicas];
        return new PartitionRegistration
        {
            Replicas = replicas,
            Directories = DirectoriesFor(replicas, [.. record.Directories]),
            Isr = [.. record.Isr],
            RemovingReplicas = [.. record.RemovingReplicas],
            AddingReplicas = [.. record.AddingReplicas],
            Elr = record.EligibleLeaderReplicas is { } elr ? [.. elr] : [],
            LastKnownElr = record.LastKnownElr is { } last ? [.. last] : [],
            Leader = record.Leader,
            RecoveryState = RecoveryStateOf(record.LeaderRecoveryState),
            LeaderEpoch = record.LeaderEpoch,
            PartitionEpoch = record.PartitionEpoch,
        };
    }

    /// <summary>The partition after a PartitionChangeRecord. Naming a leader, even the present one, starts a new leader epoch.</summary>
    public PartitionRegistration Merge(PartitionChangeRecord change)
    {
        bool leaderNamed = change.Leader != NoLeaderChange;
        ImmutableArray<int> replicas = change.Replicas is { } list ? [.. list] : Replicas;
        ImmutableArray<Uuid> directories = change.Directories is { } dirs ? [.. dirs] : Directories;
        if (change.Directories is null && directories.Length != replicas.Length) directories = [];
        return this with
        {
            Replicas = replicas,
            Directories = DirectoriesFor(replicas, directories),
            Isr = change.Isr is { } isr ? [.. isr] : Isr,
            RemovingReplicas = change.RemovingReplicas is { } removing ? [.. removing] : RemovingReplicas,
            AddingReplicas = change.AddingReplicas is { } adding ? [.. adding] : AddingReplicas,
            Elr = change.EligibleLeaderReplicas is { } elr ? [.. elr] : Elr,
            LastKnownElr = change.LastKnownElr is { } last ? [.. last] : LastKnownElr,
            Leader = leaderNamed ? change.Leader : Leader,
            LeaderEpoch = leaderNamed ? LeaderEpoch + 1 : LeaderEpoch,
            RecoveryState = change.LeaderRecoveryState == -1 ? RecoveryState : RecoveryStateOf(change.LeaderRecoveryState),
            PartitionEpoch = PartitionEpoch + 1,
        };
    }

    /// <summary>The partition without its ELR fields, as a ClearElrRecord leaves it; itself when there is nothing to clear.</summary>
    public PartitionRegistration WithoutElr() => Elr.IsEmpty && LastKnownElr.IsEmpty
        ? this
        : this with { Elr = [], LastKnownElr = [], PartitionEpoch = PartitionEpoch + 1 };

    /// <summary>The record that makes this partition, at the version of <paramref name="version"/>.</summary>
    public MetadataRecord ToRecord(Uuid topicId, int partition, MetadataVersion version)
    {
        var record = new PartitionRecord
        {
            PartitionId = partition,
            TopicId = topicId,
            Replicas = [.. Replicas],
            Isr = [.. Isr],
            RemovingReplicas = [.. RemovingReplicas],
            AddingReplicas = [.. AddingReplicas],
            Leader = Leader,
            LeaderRecoveryState = (sbyte)RecoveryState,
            LeaderEpoch = LeaderEpoch,
            PartitionEpoch = PartitionEpoch,
        };
        if (version.SupportsElr)
        {
            if (!Elr.IsEmpty) record.EligibleLeaderReplicas = [.. Elr];
            if (!LastKnownElr.IsEmpty) record.LastKnownElr = [.. LastKnownElr];
        }

        if (version.SupportsDirectories) record.Directories = [.. Directories];
        return new MetadataRecord(record, version.PartitionRecordVersion);
    }

    /// <summary>Equal in every field; arrays by content.</summary>
    public bool Equals(PartitionRegistration? other) =>
        other is not null &&
        Leader == other.Leader && LeaderEpoch == other.LeaderEpoch && PartitionEpoch == other.PartitionEpoch && RecoveryState == other.RecoveryState &&
        Replicas.SequenceEqual(other.Replicas) && Directories.SequenceEqual(other.Directories) && Isr.SequenceEqual(other.Isr) &&
        RemovingReplicas.SequenceEqual(other.RemovingReplicas) && AddingReplicas.SequenceEqual(other.AddingReplicas) &&
        Elr.SequenceEqual(other.Elr) && LastKnownElr.SequenceEqual(other.LastKnownElr);

    public override int GetHashCode() => HashCode.Combine(Leader, LeaderEpoch, PartitionEpoch, PreferredReplica);

    private static ImmutableArray<Uuid> DirectoriesFor(ImmutableArray<int> replicas, ImmutableArray<Uuid> directories)
    {
        // Records from before KIP-858 name no directories: the replica is where it always was.
        if (directories.IsEmpty && !replicas.IsEmpty) return [.. replicas.Select(_ => Uuid.MigratingDirectory)];
        if (directories.Length != replicas.Length)
        {
            throw new MetadataReplayException($"a partition has {replicas.Length} replicas and {directories.Length} directories");
        }

        return directories;
    }

    private static LeaderRecoveryState RecoveryStateOf(sbyte value) => value is 0 or 1
        ? (LeaderRecoveryState)value
        : throw new MetadataReplayException($"leader recovery state {value} is unknown");
}
