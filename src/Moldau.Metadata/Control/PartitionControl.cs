using System.Collections.Immutable;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>What happens to partitions when a broker or a directory comes or goes.</summary>
internal sealed class PartitionControl(ControllerState state, ConfigControl configs)
{
    private const int Nobody = PartitionRegistration.NoLeader;

    /// <summary>The broker's session ended, or it asked to be fenced: it leaves every ISR, then the record that fences it.</summary>
    internal void AddFenced(BrokerRegistration broker, List<MetadataRecord> records)
    {
        AddUpdates(state.Index.InIsr(broker.Id), records, remove: broker.Id);
        records.Add(new MetadataRecord(new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, Fenced = 1 }, 0));
    }

    /// <summary>The broker serves from now on, and leads what had no leader but for it.</summary>
    internal void AddUnfenced(BrokerRegistration broker, List<MetadataRecord> records)
    {
        records.Add(new MetadataRecord(new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, Fenced = -1 }, 0));
        AddUpdates(state.Index.Leaderless, records, add: broker.Id);
    }

    /// <summary>The broker leaves every ISR, its leaderships move away, and it keeps serving until they have.</summary>
    internal void AddControlledShutdown(BrokerRegistration broker, List<MetadataRecord> records)
    {
        if (!broker.InControlledShutdown)
        {
            records.Add(new MetadataRecord(new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, InControlledShutdown = 1 }, 1));
        }

        AddUpdates(state.Index.InIsr(broker.Id), records, remove: broker.Id);
    }

    /// <summary>The broker is forgotten: it leaves every ISR and ELR.</summary>
    internal void AddUnregistered(BrokerRegistration broker, List<MetadataRecord> records)
    {
        AddUpdates(state.Index.InIsr(broker.Id), records, remove: broker.Id);
        AddUpdates(state.Index.InElr(broker.Id), records, remove: broker.Id);
        records.Add(new MetadataRecord(new UnregisterBrokerRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch }, 0));
    }

    /// <summary>A new incarnation of a broker appears: the old one is out of every ISR, and if it may have lost data, of every ELR.</summary>
    internal void AddShutdown(int broker, bool clean, List<MetadataRecord> records)
    {
        if (!state.ElrEnabled || clean)
        {
            AddUpdates(state.Index.InIsr(broker), records, remove: broker);
            return;
        }

        AddUpdates(state.Index.InIsr(broker), records, unclean: broker);
        AddUpdates(state.Index.InElr(broker), records, unclean: broker);
    }

    /// <summary>Directories of a broker have failed: what lies in them leaves the ISR.</summary>
    internal void AddOfflineDirectories(BrokerRegistration broker, ImmutableArray<Uuid> offline, List<MetadataRecord> records)
    {
        ImmutableArray<Uuid> newlyOffline = [.. broker.Directories.Where(offline.Contains)];
        if (newlyOffline.IsEmpty) return;
        foreach (Uuid directory in newlyOffline) AddUpdates(state.Index.InDirectory(directory), records, remove: broker.Id);
        records.Add(new MetadataRecord(
            new BrokerRegistrationChangeRecord
            {
                BrokerId = broker.Id,
                BrokerEpoch = broker.Epoch,
                LogDirs = [.. broker.Directories.Where(directory => !offline.Contains(directory))],
            },
            2));
    }

    /// <summary>Works out the change of each partition and appends the records of those that do change.</summary>
    /// <param name="partitions">In the order of the records.</param>
    /// <param name="records">Where they go.</param>
    /// <param name="remove">A broker that leaves the ISR and may not lead.</param>
    /// <param name="add">A broker that may lead though it is still fenced.</param>
    /// <param name="unclean">A broker that leaves ISR and ELR.</param>
    internal void AddUpdates(IEnumerable<TopicIdPartition> partitions, List<MetadataRecord> records, int remove = Nobody, int add = Nobody, int unclean = Nobody)
    {
        foreach (TopicIdPartition id in partitions)
        {
            TopicImage topic = state.Topics.Find(id.TopicId)!;
            PartitionRegistration partition = topic.Partition(id.Partition)!;
            var change = new PartitionChange(partition, id, state.MetadataVersion, EffectiveMinIsr(topic), state.ElrEnabled)
            {
                MayLead = replica => replica != remove && replica != unclean && (replica == add || state.Cluster.IsActive(replica)) && IsInOnlineDirectory(partition, replica),
                DefaultDirectory = DefaultDirectory,
                Election = ElectionFor(topic.Name),
                UncleanReplica = unclean,
                Isr = partition.Isr.Without(remove, unclean),
            };
            if (change.Build() is { } record) records.Add(record);
        }
    }

    /// <summary>The change of a partition while no broker comes or goes.</summary>
    internal PartitionChange Change(TopicImage topic, int number, PartitionRegistration partition, Election election, LeaderRecoveryState? recovery = null, (int, Uuid)? directory = null) =>
        new(partition, new TopicIdPartition(topic.Id, number), state.MetadataVersion, EffectiveMinIsr(topic), state.ElrEnabled)
        {
            MayLead = replica => state.Cluster.IsActive(replica) && IsInOnlineDirectory(partition, replica),
            DefaultDirectory = DefaultDirectory,
            Election = election,
            RecoveryState = recovery ?? partition.RecoveryState,
            Directory = directory,
        };

    /// <summary>Unclean where the topic's configuration allows it.</summary>
    internal Election ElectionFor(string topic) => configs.AllowsUncleanElection(topic) ? Election.Unclean : Election.Online;

    /// <summary>The directory to record for a replica that is new on a broker.</summary>
    internal Uuid DefaultDirectory(int broker) => state.Cluster.Broker(broker)?.DefaultDirectory ?? Uuid.UnassignedDirectory;

    private bool IsInOnlineDirectory(PartitionRegistration partition, int replica)
    {
        // A replica that is being added has no directory yet; the broker will choose one that is online.
        Uuid directory = partition.DirectoryOf(replica) ?? Uuid.UnassignedDirectory;
        return state.Cluster.Broker(replica)?.HasOnlineDirectory(directory) ?? false;
    }

    /// <summary>A topic with fewer replicas than min.insync.replicas would never be above it.</summary>
    private int EffectiveMinIsr(TopicImage topic) =>
        Math.Min(configs.MinIsr(topic.Name), topic.Partition(0)?.Replicas.Length ?? int.MaxValue);
}
