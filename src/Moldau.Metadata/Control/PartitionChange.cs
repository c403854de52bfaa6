using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Who may be elected.</summary>
internal enum Election
{
    /// <summary>The preferred replica when it can lead, even when another leads.</summary>
    Preferred,

    /// <summary>The leader stays if it can, else the first replica in the ISR, else one of the ELR.</summary>
    Online,

    /// <summary>As online; when nobody is left, any live replica, losing what only others had.</summary>
    Unclean,
}

/// <summary>
/// Works out the one record that takes a partition from its present state to a wanted one: completes a reassignment when its replicas are in sync, keeps the
/// ELR (KIP-966), elects a leader, and raises the leader epoch where followers must notice. Null when nothing changes.
/// </summary>
internal sealed class PartitionChange(PartitionRegistration partition, TopicIdPartition id, MetadataVersion version, int minIsr, bool elrEnabled)
{
    private ImmutableArray<int> elr = partition.Elr;

    /// <summary>Whether a replica may lead: it is alive and its directory is online.</summary>
    internal required Func<int, bool> MayLead { get; init; }

    /// <summary>The directory of a replica that is new.</summary>
    internal required Func<int, Uuid> DefaultDirectory { get; init; }

    internal Election Election { get; init; } = Election.Online;

    internal ImmutableArray<int> Isr { get; set; } = partition.Isr;

    internal ImmutableArray<int> AllReplicas { get; set; } = partition.Replicas;

    internal ImmutableArray<int> Removing { get; set; } = partition.RemovingReplicas;

    internal ImmutableArray<int> Adding { get; set; } = partition.AddingReplicas;

    internal LeaderRecoveryState RecoveryState { get; init; } = partition.RecoveryState;

    /// <summary>A replica that came back without the end of its log; -1: none.</summary>
    internal int UncleanReplica { get; init; } = -1;

    /// <summary>A replica whose directory is now known.</summary>
    internal (int Replica, Uuid Directory)? Directory { get; init; }

    internal MetadataRecord? Build()
    {
        var record = new PartitionChangeRecord { TopicId = id.TopicId, PartitionId = id.Partition };
        bool changed = false;
        CompleteReassignment();
        PopulateElr();
        bool unclean = Elect(record, ref changed);
        if (record.Leader == PartitionRegistration.NoLeaderChange && !AllReplicas.ContainsAll(partition.Replicas)) NameLeader(record, ref changed);
        SetElr(record, unclean, ref changed);
        if (!unclean && (!Isr.IsEmpty || elrEnabled) && !Isr.SequenceEqual(partition.Isr))
        {
            record.Isr = [.. Isr];
            changed = true;
        }

        if (version.BumpsLeaderEpochOnIsrShrink && record.Isr is not null && record.Leader == PartitionRegistration.NoLeaderChange && !Isr.ContainsAll(partition.Isr))
        {
            NameLeader(record, ref changed);
        }

        SetLastKnownLeader(record, ref changed);
        SetAssignment(record, ref changed);
        if (RecoveryState != partition.RecoveryState)
        {
            record.LeaderRecoveryState = (sbyte)RecoveryState;
            changed = true;
        }

        return changed ? new MetadataRecord(record, version.PartitionChangeRecordVersion) : null;
    }

    /// <summary>A reassignment is complete when every replica that stays is in the ISR.</summary>
    private void CompleteReassignment()
    {
        if (Removing.IsEmpty && Adding.IsEmpty) return;
        ImmutableArray<int> isr = Isr.Without(Removing.AsSpan()), replicas = AllReplicas.Without(Removing.AsSpan());
        if (isr.IsEmpty || replicas.IsEmpty || !isr.ContainsAll(replicas)) return;
        (Isr, AllReplicas, Removing, Adding) = (isr, replicas, [], []);
    }

    /// <summary>
    /// While the ISR is below min.insync.replicas no new record can be committed, so whoever leaves it then still has everything that is: it may lead later.
    /// </summary>
    private void PopulateElr()
    {
        if (!elrEnabled) return;
        if (Isr.Length >= minIsr)
        {
            elr = [];
            return;
        }

        // A replica that a reassignment has taken out is no candidate any more.
        ImmutableArray<int> candidates = [.. elr.Concat(partition.Isr).Distinct().Where(replica => AllReplicas.Contains(replica)).Order()];
        elr = candidates.Without(Isr.AsSpan()).Without(UncleanReplica);
    }

    /// <summary>Sets the leader, and for an unclean election the ISR; returns whether it was unclean.</summary>
    private bool Elect(PartitionChangeRecord record, ref bool changed)
    {
        (int leader, bool unclean) = Choose();
        if (leader == partition.Leader) return false;
        record.Leader = leader;
        changed = true;
        if (elr.Contains(leader))
        {
            Isr = [leader];
            elr = elr.Without(leader);
        }
        else if (unclean)
        {
            Isr = [leader];
            record.Isr = [leader];
            if (partition.RecoveryState != LeaderRecoveryState.Recovering) record.LeaderRecoveryState = (sbyte)LeaderRecoveryState.Recovering;
            return true;
        }

        return false;
    }

    private (int Leader, bool Unclean) Choose()
    {
        if (Election == Election.Preferred && IsValidLeader(AllReplicas[0])) return (AllReplicas[0], false);
        if (IsValidLeader(partition.Leader)) return (partition.Leader, false);
        foreach (int replica in AllReplicas)
        {
            if (IsValidLeader(replica)) return (replica, false);
        }

        // With nobody in ISR and ELR, the last leader is the one that lost the least.
        if (elrEnabled && elr.IsEmpty && Isr.IsEmpty && partition.LastKnownElr is [var last] && MayLead(last)) return (last, true);
        if (Election == Election.Unclean)
        {
            foreach (int replica in AllReplicas)
            {
                if (MayLead(replica)) return (replica, true);
            }
        }

        return (PartitionRegistration.NoLeader, false);
    }

    private bool IsValidLeader(int replica) => (Isr.Contains(replica) || (Isr.IsEmpty && elr.Contains(replica))) && MayLead(replica);

    /// <summary>Naming the leader that already leads raises the leader epoch, so that replicas which left stop being fetched from.</summary>
    private void NameLeader(PartitionChangeRecord record, ref bool changed)
    {
        record.Leader = partition.Leader;
        changed = true;
    }

    private void SetElr(PartitionChangeRecord record, bool unclean, ref bool changed)
    {
        if (unclean || !elrEnabled) elr = [];
        if (elr.SequenceEqual(partition.Elr)) return;
        record.EligibleLeaderReplicas = [.. elr];
        changed = true;
    }

    /// <summary>The field LastKnownElr keeps the last leader while there is none.</summary>
    private void SetLastKnownLeader(PartitionChangeRecord record, ref bool changed)
    {
        if (!elrEnabled) return;
        if (record.Leader == PartitionRegistration.NoLeader && partition.HasLeader && partition.LastKnownElr.IsEmpty)
        {
            record.LastKnownElr = [partition.Leader];
            changed = true;
        }
        else if (record.Leader >= 0 && !partition.LastKnownElr.IsEmpty)
        {
            record.LastKnownElr = [];
            changed = true;
        }
    }

    private void SetAssignment(PartitionChangeRecord record, ref bool changed)
    {
        if (!AllReplicas.IsEmpty)
        {
            ImmutableArray<Uuid> directories = [.. AllReplicas.Select(DirectoryOf)];
            if (version.SupportsDirectories && !directories.SequenceEqual(partition.Directories))
            {
                record.Directories = [.. directories];
                changed = true;
            }

            if (!AllReplicas.SequenceEqual(partition.Replicas))
            {
                record.Replicas = [.. AllReplicas];
                changed = true;
            }
        }

        if (!Removing.SequenceEqual(partition.RemovingReplicas))
        {
            record.RemovingReplicas = [.. Removing];
            changed = true;
        }

        if (!Adding.SequenceEqual(partition.AddingReplicas))
        {
            record.AddingReplicas = [.. Adding];
            changed = true;
        }
    }

    private Uuid DirectoryOf(int replica) => Directory is { } known && known.Replica == replica
        ? known.Directory
        : partition.DirectoryOf(replica) ?? DefaultDirectory(replica);
}
