using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>
/// The offsets of a shard as its log has them, and those that open transactions have committed but not decided. Only replayed records
/// change it.
/// </summary>
internal sealed class OffsetStore
{
    private readonly SortedDictionary<long, OffsetMap> pendingByProducer = [];

    /// <summary>The offsets in force.</summary>
    public OffsetMap Committed { get; } = new();

    /// <summary>Producers with an undecided transaction that committed offsets here, in order of id.</summary>
    public IEnumerable<KeyValuePair<long, OffsetMap>> Pending => pendingByProducer;

    /// <summary>An offset was committed, in a transaction if a producer is named.</summary>
    public void Put(string groupId, TopicPartition partition, CommittedOffset offset, ProducerId producer)
    {
        if (producer == ProducerId.None)
        {
            Committed.Put(groupId, partition, offset);
            return;
        }

        if (!pendingByProducer.TryGetValue(producer, out OffsetMap? pending)) pendingByProducer.Add(producer, pending = new OffsetMap());
        pending.Put(groupId, partition, offset);
    }

    /// <summary>An offset was deleted; a transaction that is open does not bring it back.</summary>
    public void Remove(string groupId, TopicPartition partition)
    {
        Committed.Remove(groupId, partition);
        foreach (OffsetMap pending in pendingByProducer.Values) pending.Remove(groupId, partition);
    }

    /// <summary>A transaction was decided.</summary>
    public void EndTransaction(ProducerId producer, bool committed)
    {
        if (!pendingByProducer.Remove(producer, out OffsetMap? pending) || !committed) return;
        foreach (string groupId in pending.Groups)
        {
            foreach (var (partition, offset) in pending.Offsets(groupId))
            {
                // The later record wins, not the later decision: after compaction only the records are left to tell.
                bool superseded = Committed.TryGet(groupId, partition.Topic, partition.Partition, out CommittedOffset? current)
                    && current.RecordOffset > offset.RecordOffset;
                if (!superseded) Committed.Put(groupId, partition, offset);
            }
        }
    }

    public bool Has(string groupId) => Committed.HasGroup(groupId) || HasOpenTransaction(groupId);

    public bool HasOpenTransaction(string groupId)
    {
        foreach (OffsetMap pending in pendingByProducer.Values)
        {
            if (pending.HasGroup(groupId)) return true;
        }

        return false;
    }

    public bool IsPending(string groupId, string topic, int partition)
    {
        foreach (OffsetMap pending in pendingByProducer.Values)
        {
            if (pending.TryGet(groupId, topic, partition, out _)) return true;
        }

        return false;
    }

    /// <summary>Every partition for which a group has an offset, decided or not, each once.</summary>
    public IEnumerable<TopicPartition> Partitions(string groupId)
    {
        foreach (var (partition, _) in Committed.Offsets(groupId)) yield return partition;
        var seen = new HashSet<TopicPartition>();
        foreach (OffsetMap pending in pendingByProducer.Values)
        {
            foreach (var (partition, _) in pending.Offsets(groupId))
            {
                if (!Committed.TryGet(groupId, partition.Topic, partition.Partition, out _) && seen.Add(partition)) yield return partition;
            }
        }
    }
}
